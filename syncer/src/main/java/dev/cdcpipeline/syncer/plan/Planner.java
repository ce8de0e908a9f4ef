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
    private final long maxRendered;

    /**
     * @param tables where a collection's rows go
     * @param format how a document is written in its column
     */
    public Planner(TableNames tables, DocumentFormat format) {
        this(tables, format, Long.MAX_VALUE);
    }

    /**
     * @param tables where a collection's rows go
     * @param format how a document is written in its column
     * @param maxRendered how many bytes of rendered documents a plan of several may hold
     */
    public Planner(TableNames tables, DocumentFormat format, long maxRendered) {
        this.decoder = new RecordDecoder(tables);
        this.format = format;
        this.maxRendered = maxRendered;
    }

    /**
     * Plans a batch.
     *
     * <p>Of a partition it may plan a part only, and its tally says so: then what is left is
     * planned once that is written.
     *
     * @param portions the batch, partition by partition; none twice
     * @param setAside records that are known to be bad and whose content is left out
     * @throws BatchTooLargeException when the rendered documents of several records are too large
     */
    public BatchPlan plan(List<Portion> portions, Set<RecordId> setAside) {
        var leftOut = new HashSet<>(setAside);
        var bad = new ArrayList<BadRecord>();
        while (true) {
            var attempt = new Attempt(leftOut);
            portions.forEach(attempt::add);
            decoder.release();
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
        private boolean mayHoldLetters;
        private boolean anyLate;
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
            var guard = new RedeliveryGuard(portion.from());
            long next = portion.from().nextOffset();
            int epoch = portion.from().leaderEpoch();
            for (Records records : portion.records()) {
                mayHoldLetters = records.haveHeaderOf(StrayLetter.ORIGINS);
                for (int i = 0; i < records.size(); i++) {
                    RecordView record = records.get(i);
                    if (record.offset() < next) {
                        continue; // applied before the ledger was read again
                    }
                    if (record.offset() > next) {
                        guard.gap();
                    }
                    apply(record, guard);
                    if (endsHere) {
                        tally.endEarly();
                        return guard.progress(next, epoch);
                    }
                    next = record.offset() + 1;
                    epoch = record.hasLeaderEpoch() ? record.leaderEpoch() : epoch;
                    tally.addRecord();
                }
            }
            return guard.progress(next, epoch);
        }

        private void apply(RecordView record, RedeliveryGuard guard) {
            if (record.isTombstone()) {
                tally.addIgnored();
                return;
            }
            if (!leftOut.isEmpty() && leftOut.contains(record.id())) {
                guard.gap();
                tally.addIgnored();
                return;
            }
            StrayLetter letter =
                    mayHoldLetters
                            ? StrayLetter.of(record, guard.partition().topic())
                            : StrayLetter.NO_LETTER;
            if (letter == StrayLetter.STRAY) {
                guard.gap();
                tally.addStrayLetter(guard.partition().topic());
                return;
            }
            applyChange(record, guard, letter == StrayLetter.PUT_BACK);
        }

        private void applyChange(RecordView record, RedeliveryGuard guard, boolean isPutBack) {
            try {
                RecordHeaders headers = RecordDecoder.headers(record);
                boolean isOfStream = RedeliveryGuard.isOfStream(headers, isPutBack);
                if (headers != null && isOfStream && guard.isRedelivery(headers)) {
                    tally.addRedelivered();
                    return;
                }
                EventOutline outline = decoder.event(record, headers != null);
                boolean isForeign = headers == null;
                if (headers == null) {
                    headers = RecordDecoder.headers(outline);
                    lookAtKey(record, headers, guard.partition());
                }
                Effect effect = decoder.effect(record, outline, headers);
                if (effect instanceof Effect.Put put) {
                    Late late = guard.late(headers, isForeign, isPutBack);
                    anyLate |= late != null;
                    effect = put.as(late);
                }
                if (mustWait(effect)) {
                    endsHere = true;
                    return;
                }
                take(effect, outline, headers, guard);
                if (isOfStream) {
                    guard.passed(headers);
                }
            } catch (MalformedMessageException e) {
                guard.gap();
                bad.add(new BadRecord(record.toRecord(), e));
            }
        }

        private boolean mustWait(Effect effect) {
            return effect instanceof Effect.Put put
                    && ((!swept.isEmpty() && isOlderThanASweep(put))
                            || (anyLate && fold(put.table()).mustWait(put)));
        }

        /**
         * A batch writes its rows, then sweeps. A row that comes after a sweep and is older, such
         * as a copy that the official connector makes after a drop, would go with what it replaces:
         * it is for the next batch.
         */
        private boolean isOlderThanASweep(Effect.Put put) {
            Version sweep = swept.get(put.table());
            return sweep != null && put.version().compareTo(sweep) < 0;
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
                Effect effect, EventOutline event, RecordHeaders headers, RedeliveryGuard guard) {
            switch (effect) {
                case Effect.Put put -> {
                    tally.addChange(() -> sourceMillis(event, headers));
                    fold(put.table()).put(put);
                }
                case Effect.Remove remove -> {
                    tally.addChange(() -> sourceMillis(event, headers));
                    fold(remove.table()).remove(remove);
                    guard.removed(remove.version());
                }
                case Effect.Sweep sweep -> {
                    sweep.tables().forEach(table -> sweep(table, sweep, guard.partition()));
                    guard.removed(sweep.version());
                }
                case Effect.None _ -> tally.addIgnored();
            }
        }

        private void sweep(TableName table, Effect.Sweep sweep, PartitionId partition) {
            swept.merge(table, sweep.version(), BinaryOperator.maxBy(Comparator.naturalOrder()));
            sweeps.add(new SweepMark(table, partition, sweep.version(), sweep.everywhere()));
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
            var room = new RenderingRoom(maxRendered);
            List<TableChanges> tables =
                    folds.values().stream().map(fold -> fold.changes(format, room, bad)).toList();
            unrenderable = bad.size() > malformed;
            tally.addCoalesced(
                    tally.changes() - tables.stream().mapToInt(TableChanges::size).sum());
            return tables;
        }
    }

    /** The server's wall clock; the cluster time, in whole seconds, where it gives none. */
    private static long sourceMillis(EventOutline event, RecordHeaders headers) {
        Long wallTime = event.wallMillis();
        return wallTime != null ? wallTime : 1000L * headers.version().toTimestamp().getTime();
    }
}
