package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.EventOutline;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.RecordKind;
import dev.cdcpipeline.syncer.schema.TableName;
import dev.cdcpipeline.syncer.schema.TableNames;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * From records to the plan of a batch. Pure: no I/O, no clock. However a stream of records is cut
 * into batches, the tables end up as if each record had been applied alone. Not thread-safe.
 */
public final class Planner {
    private final RecordDecoder decoder;
    private final DocumentFormat format;

    /**
     * @param tables where a collection's rows go
     * @param format how a document is written in its column
     */
    public Planner(TableNames tables, DocumentFormat format) {
        this.decoder = new RecordDecoder(tables);
        this.format = format;
    }

    /**
     * Plans a batch.
     *
     * <p>Of a partition it may plan a part only, and its tally says so: then what is left is
     * planned once that is written.
     *
     * @param portions the batch, partition by partition; none twice
     * @param setAside records that are known to be bad and whose content is left out
     */
    public BatchPlan plan(List<Portion> portions, Set<RecordId> setAside) {
        var leftOut = new HashSet<>(setAside);
        var bad = new ArrayList<BadRecord>();
        while (true) {
            var attempt = new Attempt(leftOut);
            portions.forEach(attempt::add);
            List<TableChanges> tables = attempt.render();
            bad.addAll(attempt.bad);
            if (!attempt.unrenderable) {
                return new BatchPlan(attempt.advances, tables, attempt.sweeps, bad, attempt.tally);
            }
            // A row whose last state cannot be written must keep the state before: fold again.
            attempt.bad.forEach(record -> leftOut.add(RecordId.of(record.record())));
        }
    }

    /** One pass over the batch. */
    private final class Attempt {
        private final Set<RecordId> leftOut;
        private final List<Advance> advances = new ArrayList<>();
        private final Map<TableName, TableFold> folds = new TreeMap<>();
        private final List<SweepMark> sweeps = new ArrayList<>();
        private final List<BadRecord> bad = new ArrayList<>();
        private final Set<PartitionId> keysSeen = new HashSet<>();
        private final Tally tally = new Tally();

        /** The sweeps of the partition that is read, which its later records must not be under. */
        private final Map<TableName, Version> swept = new HashMap<>();

        private boolean endsHere;
        private @Nullable TableFold lastFold;
        private boolean unrenderable;

        Attempt(Set<RecordId> leftOut) {
            this.leftOut = leftOut;
        }

        void add(Portion portion) {
            swept.clear();
            endsHere = false;
            advances.add(new Advance(portion.from(), read(portion)));
        }

        private Progress read(Portion portion) {
            PartitionId partition = portion.from().partition();
            Position reached = portion.from().position();
            long next = portion.from().nextOffset();
            int epoch = portion.from().leaderEpoch();
            for (Records records : portion.records()) {
                for (int i = 0; i < records.size(); i++) {
                    RecordView record = records.get(i);
                    if (record.offset() < next) {
                        continue; // applied before the ledger was read again
                    }
                    Position after = apply(record, partition, reached);
                    if (endsHere) {
                        tally.endEarly();
                        return new Progress(partition, next, reached, epoch);
                    }
                    reached = after;
                    next = record.offset() + 1;
                    epoch = record.hasLeaderEpoch() ? record.leaderEpoch() : epoch;
                    tally.addRecord();
                }
            }
            return new Progress(partition, next, reached, epoch);
        }

        /** Takes in a record and returns the position reached after it. */
        private @Nullable Position apply(
                RecordView record, PartitionId partition, @Nullable Position reached) {
            if (record.isTombstone() || (!leftOut.isEmpty() && leftOut.contains(record.id()))) {
                tally.addIgnored();
                return reached;
            }
            try {
                RecordHeaders headers = RecordDecoder.headers(record);
                if (headers != null && isRedelivery(headers, reached)) {
                    tally.addRedelivered();
                    return reached;
                }
                EventOutline outline = decoder.event(record, headers != null);
                if (headers == null) {
                    headers = RecordDecoder.headers(outline);
                    lookAtKey(record, headers, partition);
                    if (isRedelivery(headers, reached)) {
                        tally.addRedelivered();
                        return reached;
                    }
                }
                Effect effect = decoder.effect(record, outline, headers);
                if (!swept.isEmpty() && isOlderThanASweep(effect)) {
                    endsHere = true;
                    return reached;
                }
                take(effect, outline, headers, partition);
                return after(headers, reached);
            } catch (MalformedMessageException e) {
                bad.add(new BadRecord(record.toRecord(), e));
                return reached;
            }
        }

        /**
         * A batch writes its rows, then sweeps. A row that comes after a sweep and is older, such
         * as a copy that the official connector makes after a drop, would go with what it replaces:
         * it is for the next batch.
         */
        private boolean isOlderThanASweep(Effect effect) {
            if (effect instanceof Effect.Put put) {
                Version sweep = swept.get(put.table());
                return sweep != null && put.version().compareTo(sweep) < 0;
            }
            return false;
        }

        /** Of another program's changes, of which all of a partition are keyed alike. */
        private void lookAtKey(RecordView record, RecordHeaders headers, PartitionId partition) {
            Position position = headers.position();
            if (headers.kind() == RecordKind.CHANGE
                    && position != null
                    && keysSeen.add(partition)
                    && RecordDecoder.isKeyedWithoutDocument(record, position)) {
                tally.addUnordered(partition);
            }
        }

        private void take(
                Effect effect, EventOutline event, RecordHeaders headers, PartitionId partition) {
            switch (effect) {
                case Effect.Put put -> {
                    tally.addChange(() -> sourceMillis(event, headers));
                    fold(put.table()).put(put);
                }
                case Effect.Remove remove -> {
                    tally.addChange(() -> sourceMillis(event, headers));
                    fold(remove.table()).remove(remove);
                }
                case Effect.Sweep sweep -> {
                    swept.merge(
                            sweep.table(),
                            sweep.version(),
                            BinaryOperator.maxBy(Comparator.naturalOrder()));
                    sweeps.add(
                            new SweepMark(
                                    sweep.table(), partition, sweep.version(), sweep.everywhere()));
                }
                case Effect.None _ -> tally.addIgnored();
            }
        }

        private TableFold fold(TableName table) {
            TableFold last = lastFold;
            if (last == null || !last.table().equals(table)) {
                last = folds.computeIfAbsent(table, TableFold::new);
                lastFold = last;
            }
            return last;
        }

        List<TableChanges> render() {
            int malformed = bad.size();
            List<TableChanges> tables =
                    folds.values().stream().map(fold -> fold.changes(format, bad)).toList();
            unrenderable = bad.size() > malformed;
            tally.addCoalesced(
                    tally.changes() - tables.stream().mapToInt(TableChanges::size).sum());
            return tables;
        }
    }

    /**
     * Whether the partition is past the record already (I3). A snapshot's rows are not events of
     * the stream and have no place in its order: the version guard is theirs; only leftovers of a
     * lower generation are turned away.
     */
    private static boolean isRedelivery(RecordHeaders headers, @Nullable Position reached) {
        Position position = headers.position();
        if (position == null || reached == null) {
            return false;
        }
        return headers.kind() == RecordKind.SNAPSHOT
                ? position.generation() < reached.generation()
                : position.compareTo(reached) <= 0;
    }

    private static @Nullable Position after(RecordHeaders headers, @Nullable Position reached) {
        Position position = headers.position();
        return position == null || headers.kind() == RecordKind.SNAPSHOT ? reached : position;
    }

    /** The server's wall clock; the cluster time, in whole seconds, where it gives none. */
    private static long sourceMillis(EventOutline event, RecordHeaders headers) {
        Long wallTime = event.wallMillis();
        return wallTime != null ? wallTime : 1000L * headers.version().toTimestamp().getTime();
    }
}
