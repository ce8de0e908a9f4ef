package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What every store does. */
abstract class CheckpointStoreContract {
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Opens the store of this name, with what was saved in it before. */
    abstract CheckpointStore open(String name) throws IOException;

    private String freshName() {
        return "checkpoint-" + NAMES.incrementAndGet();
    }

    @Test
    @DisplayName("2.3: a new store has no checkpoint")
    void hasNoCheckpointAtFirst() throws IOException {
        try (CheckpointStore store = open(freshName())) {
            assertThat(store.load()).isEmpty();
        }
    }

    @Test
    @DisplayName("2.2 Property 3: what is saved is read back identical")
    void whatIsSavedIsReadBackIdentical() {
        Property.forAll(
                Checkpoints.ANY,
                checkpoint -> {
                    String name = freshName();
                    try (CheckpointStore store = open(name)) {
                        store.save(checkpoint);
                        assertThat(store.load()).contains(checkpoint);
                    }
                    try (CheckpointStore again = open(name)) {
                        assertThat(again.load()).contains(checkpoint);
                    }
                });
    }

    private record Saves(List<Integer> numbers, List<Boolean> reopen) {}

    @Test
    @DisplayName(
            "2.5 Property 6: every store keeps the newest of what was saved, whatever the order")
    void keepsTheNewestPosition() {
        Gen<Saves> gen =
                random ->
                        new Saves(
                                Gen.ints(0, 50).list(1, 8).next(random),
                                Gen.booleans().list(8, 8).next(random));
        Property.forAll(
                gen,
                saves -> {
                    String name = freshName();
                    CheckpointStore store = open(name);
                    try {
                        int newest = -1;
                        for (int i = 0; i < saves.numbers().size(); i++) {
                            store.save(Checkpoints.number(saves.numbers().get(i)));
                            newest = Math.max(newest, saves.numbers().get(i));
                            if (saves.reopen().get(i)) {
                                store.close();
                                store = open(name);
                            }
                            assertThat(store.load()).contains(Checkpoints.number(newest));
                        }
                    } finally {
                        store.close();
                    }
                });
    }
}
