package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.embedded.mongo.sharding.MoveOrder;
import dev.cdcpipeline.testkit.Gen;

import java.util.ArrayList;
import java.util.List;

/**
 * What is done to whole collections and to the documents in them, in order: content that is
 * replaced, ids that change their type, documents that move between shards, Watchers that are
 * killed and lose what they know.
 *
 * @param steps the steps
 */
record ContentHistory(List<Step> steps) {
    /** Collections whose content is replaced by each other's. */
    static final List<String> PLAIN = List.of("orders", "drafts", "archive");

    /** The collection that is sharded, where there are shards. */
    static final String SHARDED = "places";

    private static final int DOCUMENTS = 4;

    /** One step. */
    sealed interface Step {}

    /**
     * Changes of documents.
     *
     * @param together whether they are one transaction
     */
    record Changes(boolean together, List<Change> changes) implements Step {}

    /**
     * A change of one document, whose {@code _id} is a number.
     *
     * @param number its value
     * @param type the type of a new {@code _id}
     */
    record Change(Kind kind, String collection, int number, IdType type) {}

    /** What is done to a document, as far as it exists; else it is inserted. */
    enum Kind {
        UPDATE,
        REPLACE,
        DELETE,
        /** Replaced by one whose {@code _id} is the same number in another type. */
        RETYPE,
        /** Deleted, and inserted with the same number in another type. */
        REINSERT
    }

    /** The types of numbers. */
    enum IdType {
        INT32,
        INT64,
        DOUBLE,
        DECIMAL128
    }

    /** A document's shard key changes, so that it goes to another shard where there are shards. */
    record Move(int number, MoveOrder order) implements Step {}

    /** A collection is renamed, over another one where that exists. */
    record Rename(String from, String to) implements Step {}

    /** A collection's content is written over another's by {@code $out}. */
    record Out(String from, String to) implements Step {}

    /** A collection is converted to a capped one. */
    record Capped(String collection) implements Step {}

    /** A collection is dropped. */
    record Drop(String collection) implements Step {}

    /** All of them are dropped. */
    record DropDatabase() implements Step {}

    /**
     * The Watcher is killed, and another one starts.
     *
     * @param postImage where that one has whole documents from
     */
    record Kill(String postImage, Memory memory) implements Step {}

    /** What a Watcher knows of the one before it. */
    enum Memory {
        CHECKPOINT,
        /** The checkpoint as it was when the Watcher before was killed, or earlier. */
        OLDER_CHECKPOINT,
        /** Its checkpoint, and an operator has raised the generation. */
        HIGHER_GENERATION,
        /** The checkpoint, while the configuration fell back to a lower generation. */
        LOWER_GENERATION,
        /** Nothing but what the topics hold. */
        NOTHING
    }

    /** A history that has one of everything, whatever is drawn after it. */
    static ContentHistory everything() {
        List<Step> steps = new ArrayList<>();
        for (String collection : List.of("orders", "drafts", "archive", SHARDED)) {
            steps.add(changes(Kind.UPDATE, collection, 0, 1, 2, 3));
        }
        for (Kind kind : List.of(Kind.RETYPE, Kind.REINSERT, Kind.REPLACE, Kind.DELETE)) {
            steps.add(changes(kind, "orders", 1, 2));
        }
        steps.add(new Changes(true, changes(Kind.UPDATE, "orders", 0, 1, 2, 3).changes()));
        for (MoveOrder order : MoveOrder.values()) {
            steps.add(new Move(1, order));
            steps.add(new Move(2, order));
        }
        steps.add(new Rename("drafts", "orders"));
        steps.add(new Out("archive", "drafts"));
        steps.add(new Out("archive", "orders"));
        steps.add(new Capped("archive"));
        for (Memory memory : Memory.values()) {
            steps.add(changes(Kind.REPLACE, "orders", 0, 3));
            steps.add(new Drop("orders"));
            steps.add(changes(Kind.UPDATE, "orders", 0, 1));
            steps.add(new Kill("batched", memory));
        }
        steps.add(new DropDatabase());
        steps.add(changes(Kind.UPDATE, "orders", 0, 1));
        return new ContentHistory(steps);
    }

    private static Changes changes(Kind kind, String collection, int... numbers) {
        List<Change> changes = new ArrayList<>();
        for (int number : numbers) {
            // Another type than the document had, so that a change gives its _id another one, too.
            int types = IdType.values().length;
            int shift = List.of(Kind.values()).indexOf(kind);
            changes.add(
                    new Change(
                            kind, collection, number, IdType.values()[(number + shift) % types]));
        }
        return new Changes(false, changes);
    }

    /** Short histories of everything that can happen. */
    static Gen<ContentHistory> any() {
        return step().list(1, 24).map(ContentHistory::new);
    }

    /** Anything that can happen. */
    static Gen<Step> step() {
        Gen<String> plain = Gen.elements(PLAIN.toArray(String[]::new));
        Gen<String> all =
                Gen.frequency(Gen.weighted(3, plain), Gen.weighted(1, Gen.constant(SHARDED)));
        return Gen.<Step>frequency(
                Gen.weighted(20, changes(all)),
                Gen.weighted(4, move()),
                Gen.weighted(3, r -> new Rename(plain.next(r), plain.next(r))),
                Gen.weighted(3, r -> new Out(plain.next(r), plain.next(r))),
                Gen.weighted(1, r -> new Capped(plain.next(r))),
                Gen.weighted(2, r -> new Drop(all.next(r))),
                Gen.weighted(1, Gen.constant(new DropDatabase())),
                Gen.weighted(4, kill()));
    }

    private static Gen<Step> changes(Gen<String> collections) {
        Gen<Kind> kinds = Gen.elements(Kind.values());
        Gen<IdType> types = Gen.elements(IdType.values());
        Gen<Change> change =
                random ->
                        new Change(
                                kinds.next(random),
                                collections.next(random),
                                random.nextInt(DOCUMENTS),
                                types.next(random));
        return random -> new Changes(random.nextInt(3) == 0, change.list(1, 6).next(random));
    }

    private static Gen<Step> move() {
        Gen<MoveOrder> orders = Gen.elements(MoveOrder.values());
        return random -> new Move(random.nextInt(DOCUMENTS), orders.next(random));
    }

    private static Gen<Step> kill() {
        Gen<String> postImage = Gen.elements("batched", "server");
        Gen<Memory> memory = Gen.elements(Memory.values());
        return random -> new Kill(postImage.next(random), memory.next(random));
    }
}
