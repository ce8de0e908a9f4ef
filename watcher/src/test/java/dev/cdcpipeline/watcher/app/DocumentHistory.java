package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was done to one document, and whether what is in Kafka of it is that: everything, in order,
 * and what is there again is a repetition of the end of what was there before. An update may be
 * missing if the document was deleted later: it was gone when it was looked up.
 */
final class DocumentHistory {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * What was done.
     *
     * @param number what was written with it; for a delete, what no record says
     */
    private record Entry(OperationType operation, int number) {}

    void add(OperationType operation, int number) {
        entries.add(new Entry(operation, number));
    }

    boolean exists() {
        return !entries.isEmpty() && entries.getLast().operation() != OperationType.DELETE;
    }

    /** Whether all of it is there. */
    boolean isCompleteIn(List<Topic.Published> records) {
        Reading reading = new Reading();
        records.forEach(record -> reading.read(record.event()));
        return reading.furthest == entries.size() - 1;
    }

    /**
     * Checks that nothing is missing or out of order, up to the last record.
     *
     * @param mayRepeat whether an event may be there twice
     */
    void check(List<Topic.Published> records, boolean mayRepeat) {
        Reading reading = new Reading();
        for (Topic.Published record : records) {
            reading.check(record.event());
        }
        if (!mayRepeat && reading.repetitions > 0) {
            throw new AssertionError(reading.repetitions + " repetitions in " + entries);
        }
        if (reading.last != entries.size() - 1) {
            throw new AssertionError(
                    "of " + entries + " only the first " + (reading.last + 1) + " are there");
        }
    }

    /** Goes through the records in their order. */
    private final class Reading {
        private final Map<ResumeToken, Integer> places = new HashMap<>();
        private int last = -1;
        private int furthest = -1;
        private int repetitions;

        void read(ChangeEvent event) {
            Integer known = places.get(event.resumeToken());
            last = known == null ? place(event) : known;
            repetitions += last <= furthest ? 1 : 0;
            furthest = Math.max(furthest, last);
            places.put(event.resumeToken(), last);
        }

        void check(ChangeEvent event) {
            int before = last;
            read(event);
            for (int i = before + 1; i < last; i++) {
                if (!mayBeMissing(i)) {
                    throw new AssertionError(entries.get(i) + " of " + entries + " is left out");
                }
            }
            checkDocument(event, entries.get(last));
        }

        /**
         * The entry that a record is about which is there for the first time: one that is further
         * on, or an update that was left out when what was before it was there for the first time,
         * because its document was gone, and has come back since.
         */
        private int place(ChangeEvent event) {
            for (int i = 0; i < entries.size(); i++) {
                if (isOf(event, entries.get(i))
                        && (i > furthest || mayBeMissing(i))
                        && !places.containsValue(i)) {
                    return i;
                }
            }
            throw new AssertionError(
                    "after %d of %s there is %s %s"
                            .formatted(
                                    furthest + 1, entries, event.operationName(), number(event)));
        }
    }

    private boolean mayBeMissing(int index) {
        return entries.get(index).operation() == OperationType.UPDATE
                && entries.subList(index, entries.size()).stream()
                        .anyMatch(entry -> entry.operation() == OperationType.DELETE);
    }

    private static boolean isOf(ChangeEvent event, Entry entry) {
        Integer number = number(event);
        return event.operationType() == entry.operation()
                && (number == null || number == entry.number());
    }

    /** A looked-up document is that of the update or of a later moment. */
    private void checkDocument(ChangeEvent event, Entry entry) {
        RawDocument document = event.fullDocument();
        if (document == null) {
            return;
        }
        int number = integer(document, "n");
        boolean written = entries.stream().anyMatch(each -> each.number() == number);
        if (!written || number < entry.number()) {
            throw new AssertionError(entry + " of " + entries + " has the document of " + number);
        }
    }

    private static @Nullable Integer number(ChangeEvent event) {
        return switch (event.operationType()) {
            case INSERT, REPLACE -> integer(event.fullDocument(), "n");
            case UPDATE -> {
                RawDocument description = event.updateDescription();
                yield integer(
                        description == null ? null : description.document("updatedFields"), "n");
            }
            case DELETE -> null;
            case DROP, RENAME, DROP_DATABASE, INVALIDATE, OTHER ->
                    throw new AssertionError("there is a " + event.operationName());
        };
    }

    private static int integer(@Nullable RawDocument document, String field) {
        if (document != null && document.get(field) instanceof BsonInt32 number) {
            return number.getValue();
        }
        throw new AssertionError("an event without " + field);
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
