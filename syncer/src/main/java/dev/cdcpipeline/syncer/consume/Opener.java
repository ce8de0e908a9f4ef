package dev.cdcpipeline.syncer.consume;

import java.util.Collection;

/** Finds out where partitions start, elsewhere than on the poll loop's thread. */
@FunctionalInterface
interface Opener {

    /** Returns at once; reports {@link Report.Opened} for each claim, or {@link Report.Failed}. */
    void open(Collection<Claim> claims);
}
