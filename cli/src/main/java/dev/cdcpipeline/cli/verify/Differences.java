package dev.cdcpipeline.cli.verify;

import java.util.ArrayList;
import java.util.List;

/** Counts differences and keeps the first of them. */
final class Differences {

    private final List<Difference> first = new ArrayList<>();
    private long count;

    void add(Difference difference) {
        count++;
        if (first.size() < Report.SHOWN) {
            first.add(difference);
        }
    }

    long count() {
        return count;
    }

    List<Difference> first() {
        return List.copyOf(first);
    }
}
