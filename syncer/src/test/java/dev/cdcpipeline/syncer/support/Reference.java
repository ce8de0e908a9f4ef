package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;

import org.jspecify.annotations.Nullable;

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
                (key, row) -> result.put(History.key(key), Integer.toString(row.value())));
        return result;
    }

    private void apply(List<History.Stored> partition) {
        Position reached = null;
        for (History.Stored stored : partition) {
            History.Entry entry = stored.entry();
            if (stored.setAside() || isPast(reached, entry)) {
                continue;
            }
            apply(entry);
            if (entry.position() != null && entry.kind() != History.Kind.SNAPSHOT) {
                reached = entry.position();
            }
        }
    }

    /** Of the rows of a snapshot, which are no events, only those of a generation before. */
    private static boolean isPast(@Nullable Position reached, History.Entry entry) {
        Position position = entry.position();
        if (position == null || reached == null) {
            return false;
        }
        return position.generation() < reached.generation()
                || (position.generation() == reached.generation()
                        && entry.kind() != History.Kind.SNAPSHOT
                        && isNotAfter(position.token(), reached.token()));
    }

    private static boolean isNotAfter(ResumeToken token, ResumeToken reached) {
        return token.toHex().compareTo(reached.toHex()) <= 0; // all are equally long here
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
        swept.merge(entry.partition(), entry.version(), Math::max);
        long everywhere = swept.values().stream().filter(v -> v >= entry.version()).count();
        if (everywhere == partitions) {
            rows.values().removeIf(each -> each.version() < entry.version());
        }
    }
}
