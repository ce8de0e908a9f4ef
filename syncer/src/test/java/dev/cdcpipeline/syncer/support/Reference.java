package dev.cdcpipeline.syncer.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tables must be: each record applied, one by one, partition after partition, and of each
 * row the newest version wins, also over deletes and sweeps. No record is skipped for its position.
 * Written to be read, not to be quick, and without the code it checks.
 */
public final class Reference {
    private record Row(long version, int value) {}

    private final Map<Integer, Row> rows = new TreeMap<>();
    private final Map<Integer, Long> swept = new HashMap<>();
    private final Map<Integer, Long> deleted = new HashMap<>();
    private final int partitions;
    private final boolean sweepsAreFollowed;

    private Reference(History history) {
        this.partitions = history.partitions().size();
        // A drop event of the connector is in one partition: nothing tells when others are past it.
        this.sweepsAreFollowed = history.headers() || partitions == 1;
    }

    /** The final rows: key to value. */
    public static Map<String, String> rows(History history) {
        var reference = new Reference(history);
        history.partitions().forEach(reference::apply);
        var result = new TreeMap<String, String>();
        reference.rows.forEach(
                (key, row) -> result.put(DocumentId.rowKey(key), Integer.toString(row.value())));
        return result;
    }

    private void apply(List<History.Stored> partition) {
        for (History.Stored stored : partition) {
            if (!stored.setAside()) {
                apply(stored.entry(), stored.playedBack());
            }
        }
    }

    /** Whether it is older than the delete of an absent row, or than a sweep of its partition. */
    private boolean isTooLate(History.Entry entry, boolean playedBack) {
        boolean isCopy = entry.kind() == History.Kind.SNAPSHOT;
        boolean isOlderThanItsDelete =
                !rows.containsKey(entry.key())
                        && deleted.getOrDefault(entry.key(), 0L) > entry.version()
                        && !(isCopy && entry.version() == 0); // of no time
        return isOlderThanItsDelete
                || ((!isCopy || playedBack)
                        && swept.getOrDefault(entry.partition(), 0L) > entry.version());
    }

    private void apply(History.Entry entry, boolean playedBack) {
        Row row = rows.get(entry.key());
        boolean notOlder = row == null || row.version() <= entry.version();
        switch (entry.kind()) {
            case INSERT, UPDATE, REPLACE, MOVED_IN, SNAPSHOT -> {
                if (notOlder && !isTooLate(entry, playedBack)) {
                    rows.put(entry.key(), new Row(entry.version(), entry.value()));
                }
            }
            case DELETE, MOVED_OUT -> {
                if (notOlder) {
                    rows.remove(entry.key());
                }
                deleted.merge(entry.key(), entry.version(), Math::max);
            }
            case DROP, RENAMED_OVER, OUT, RENAMED_AWAY -> {
                if (sweepsAreFollowed) {
                    sweep(entry);
                }
            }
            case TOMBSTONE, GARBAGE -> {
                // nothing for the rows
            }
        }
    }

    private void sweep(History.Entry entry) {
        if (swept.getOrDefault(entry.partition(), 0L) >= entry.version()) {
            return; // it was here before
        }
        swept.merge(entry.partition(), entry.version(), Math::max);
        long everywhere = swept.values().stream().filter(v -> v >= entry.version()).count();
        if (everywhere == partitions) {
            rows.values().removeIf(each -> each.version() < entry.version());
        }
    }
}
