package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.syncer.support.History.Stored;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Does by chance what Kafka does to a partition's log: retention cuts off its begin, compaction
 * removes records that have a later one of the same key. The others keep their offsets.
 */
final class LogCleaner {
    private final RandomGenerator random;
    private final boolean lossless;

    /**
     * @param lossless whether retention takes only events that come once more, and compaction only
     *     what is older
     */
    LogCleaner(RandomGenerator random, boolean lossless) {
        this.random = random;
        this.lossless = lossless;
    }

    List<Stored> clean(List<Stored> partition) {
        List<Stored> left = partition;
        if (random.nextInt(3) == 0) {
            left = retain(left);
        }
        return random.nextInt(3) == 0 ? compact(left) : left;
    }

    private List<Stored> retain(List<Stored> log) {
        int most = random.nextInt(log.size() + 1);
        int cut = 0;
        while (cut < most && (!lossless || comesAgain(log, cut))) {
            cut++;
        }
        return log.subList(cut, log.size());
    }

    private static boolean comesAgain(List<Stored> log, int at) {
        Stored stored = log.get(at);
        return isWithoutEvent(stored)
                || log.subList(at + 1, log.size()).stream()
                        .anyMatch(
                                each ->
                                        !isWithoutEvent(each)
                                                && each.entry().value() == stored.entry().value());
    }

    private List<Stored> compact(List<Stored> log) {
        var left = new ArrayList<Stored>();
        for (int i = 0; i < log.size(); i++) {
            if (!isOvertaken(log, i) || random.nextInt(3) == 0) {
                left.add(log.get(i));
            }
        }
        return left;
    }

    /** Kafka minds no versions: an old Watcher's leftovers may overtake what is newer. */
    private boolean isOvertaken(List<Stored> log, int at) {
        Stored stored = log.get(at);
        return log.subList(at + 1, log.size()).stream()
                .filter(each -> !isWithoutEvent(each) && hasSameKey(each, stored))
                .anyMatch(each -> !lossless || each.entry().version() >= stored.entry().version());
    }

    private static boolean hasSameKey(Stored one, Stored other) {
        boolean isSweep = one.entry().kind().isSweep();
        return isSweep == other.entry().kind().isSweep()
                && (isSweep || one.entry().key() == other.entry().key());
    }

    private static boolean isWithoutEvent(Stored stored) {
        return !stored.entry().kind().isEvent();
    }
}
