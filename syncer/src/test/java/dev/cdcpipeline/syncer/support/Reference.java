package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tables must be: each record applied once, one by one, partition after partition. Written
 * to be read, not to be quick, and without the code it checks.
 */
public final class Reference {
    private record Row(long version, int value) {}

    private final Map<Integer, Row> rows = new TreeMap<>();
    private final Map<Integer, Long> swept = new HashMap<>();
    private final int partitions;

    private Reference(int partitions) {
        this.partitions = partitions;
    }

    /** The final rows: key to value. */
    public static Map<String, String> rows(List<List<History.Entry>> partitions) {
        var reference = new Reference(partitions.size());
        partitions.forEach(reference::apply);
        var result = new TreeMap<String, String>();
        reference.rows.forEach(
                (key, row) -> result.put(History.key(key), Integer.toString(row.value())));
        return result;
    }

    private void apply(List<History.Entry> partition) {
        Position reached = null;
        for (History.Entry entry : partition) {
            Position position = entry.position();
            if (position != null && reached != null && position.compareTo(reached) <= 0) {
                continue;
            }
            apply(entry);
            reached = position == null ? reached : position;
        }
    }

    private void apply(History.Entry entry) {
        Row row = rows.get(entry.key());
        boolean notOlder = row == null || row.version() <= entry.version();
        switch (entry.kind()) {
            case INSERT, UPDATE, SNAPSHOT -> {
                if (notOlder) {
                    rows.put(entry.key(), new Row(entry.version(), entry.value()));
                }
            }
            case DELETE -> {
                if (notOlder) {
                    rows.remove(entry.key());
                }
            }
            case SWEEP -> {
                swept.merge(entry.partition(), entry.version(), Math::max);
                long everywhere = swept.values().stream().filter(v -> v >= entry.version()).count();
                if (everywhere == partitions) {
                    rows.values().removeIf(each -> each.version() < entry.version());
                }
            }
            case TOMBSTONE, GARBAGE -> {
                // nothing for the rows
            }
        }
    }
}
