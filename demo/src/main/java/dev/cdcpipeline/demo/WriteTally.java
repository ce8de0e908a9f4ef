package dev.cdcpipeline.demo;

import java.util.concurrent.atomic.LongAdder;

/**
 * What MongoDB has confirmed of the workload: how many events, and how many documents with which
 * sum of revisions each collection must have. Every event changes the sum, so a table with the same
 * count and sum has all events applied. Thread-safe.
 */
final class WriteTally {

    /**
     * A collection's or a table's content in two numbers.
     *
     * @param documents how many there are
     * @param revisions how often they were written, the sum over their fields of this name in the
     *     singular
     */
    record Content(long documents, long revisions) {}

    private final LongAdder events = new LongAdder();
    private final Sums customers = new Sums();
    private final Sums orders = new Sums();

    void add(ShopWrite write) {
        Sums sums = sums(write.target());
        switch (write.kind()) {
            case INSERT -> sums.add(1, write.revision());
            case UPDATE, REPLACE -> sums.add(0, 1);
            case DELETE -> sums.add(-1, -write.revision());
        }
        events.increment();
    }

    /** How many writes were confirmed. */
    long events() {
        return events.sum();
    }

    /** What the collection holds now. Exact when no writer is at work. */
    Content content(ShopWrite.Target target) {
        Sums sums = sums(target);
        return new Content(sums.documents.sum(), sums.revisions.sum());
    }

    private Sums sums(ShopWrite.Target target) {
        return switch (target) {
            case CUSTOMERS -> customers;
            case ORDERS -> orders;
        };
    }

    private static final class Sums {
        private final LongAdder documents = new LongAdder();
        private final LongAdder revisions = new LongAdder();

        void add(long documentCount, long revisionSum) {
            documents.add(documentCount);
            revisions.add(revisionSum);
        }
    }
}
