package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.testkit.Gen;

import java.util.List;

/**
 * What is done to MongoDB and to the servers around the Watcher, in order. Each change is one of a
 * few documents of a few collections, so that documents have histories of their own.
 *
 * @param steps the steps
 */
record History(List<Step> steps) {
    static final List<String> COLLECTIONS = List.of("orders", "people", "carts");
    private static final int DOCUMENTS = 2;

    /** One step. */
    sealed interface Step {}

    /**
     * Changes that are sent together.
     *
     * @param how as writes of their own, as one bulk write to the first one's collection, or as one
     *     transaction
     * @param changes at least one
     */
    record Write(How how, List<Change> changes) implements Step {}

    /** Waits until something of this history has reached Kafka. */
    record Progress() implements Step {}

    /**
     * The Watcher is killed, and another one starts.
     *
     * @param postImage where that one has whole documents from
     * @param memory what it knows
     */
    record Kill(String postImage, Memory memory) implements Step {}

    /** What a Watcher knows of the one before it. */
    enum Memory {
        /** Its checkpoint. */
        CHECKPOINT,
        /** Its checkpoint, and an operator has raised the generation. */
        HIGHER_GENERATION,
        /** Nothing but what the topics hold. */
        NOTHING
    }

    /** Something between the Watcher and its servers breaks. */
    enum Break implements Step {
        CONNECTIONS_DROPPED,
        STEP_DOWN,
        BROKER_BOUNCED
    }

    /** How changes are sent. */
    enum How {
        ALONE,
        BULK,
        TRANSACTION
    }

    /** What is done to a document, as far as it exists; else it is inserted. */
    enum Kind {
        INSERT,
        UPDATE,
        REPLACE,
        DELETE
    }

    /**
     * A change.
     *
     * @param collection one of {@link #COLLECTIONS}
     * @param document one of a few
     */
    record Change(Kind kind, String collection, int document) {}

    /** Whether the Watcher may publish an event of this history twice. */
    boolean mayRepeat() {
        return steps.stream().anyMatch(Kill.class::isInstance);
    }

    /** Short histories of everything that can happen. */
    static Gen<History> any() {
        Gen<String> collections = Gen.elements(COLLECTIONS.toArray(String[]::new));
        Gen<Change> change =
                random ->
                        new Change(
                                Gen.elements(Kind.values()).next(random),
                                collections.next(random),
                                random.nextInt(DOCUMENTS));
        Gen<Step> write =
                random ->
                        new Write(
                                Gen.elements(How.values()).next(random),
                                change.list(1, 6).next(random));
        return Gen.frequency(
                        Gen.weighted(16, write),
                        Gen.weighted(2, Gen.constant(new Progress())),
                        Gen.weighted(1, kill()),
                        Gen.weighted(1, breaks()))
                .list(1, 20)
                .map(History::new);
    }

    private static Gen<Step> kill() {
        Gen<String> postImage = Gen.elements("batched", "server", "required", "off");
        Gen<Memory> memory =
                Gen.frequency(
                        Gen.weighted(4, Gen.constant(Memory.CHECKPOINT)),
                        Gen.weighted(1, Gen.constant(Memory.HIGHER_GENERATION)),
                        Gen.weighted(3, Gen.constant(Memory.NOTHING)));
        return random -> new Kill(postImage.next(random), memory.next(random));
    }

    private static Gen<Step> breaks() {
        return Gen.frequency(
                Gen.weighted(20, Gen.constant(Break.CONNECTIONS_DROPPED)),
                Gen.weighted(10, Gen.constant(Break.STEP_DOWN)),
                Gen.weighted(1, Gen.constant(Break.BROKER_BOUNCED)));
    }
}
