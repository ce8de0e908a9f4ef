package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class FileCheckpointStoreTest extends CheckpointStoreContract {
    @TempDir private Path folder;

    @Override
    CheckpointStore open(String name) throws IOException {
        return FileCheckpointStore.open(folder.resolve(name));
    }

    private record Life(long seed, List<Integer> cuts) {}

    @Test
    @DisplayName(
            "2.5: a power cut between any two system calls loses no checkpoint whose save had returned")
    void survivesAPowerCutBetweenAnyTwoSystemCalls() {
        Gen<Life> lives =
                random -> new Life(random.nextLong(), Gen.ints(0, 12).list(1, 10).next(random));
        Property.forAll(
                500,
                lives,
                life -> {
                    RandomGenerator random =
                            RandomGeneratorFactory.of("L64X128MixRandom").create(life.seed());
                    PowerCutDisk disk = new PowerCutDisk(random);
                    long number = 0;
                    long returned = 0;
                    for (int cut : life.cuts()) {
                        FileCheckpointStore store =
                                new FileCheckpointStore(disk, "checkpoint", () -> {});
                        long found = store.load().map(c -> numberOf(c)).orElse(0L);
                        assertThat(found).isBetween(returned, number);
                        number = found;
                        returned = found;
                        disk.cutAfter(cut);
                        try {
                            for (int i = 0; i < 5; i++) {
                                store.save(Checkpoints.number(++number));
                                returned = number;
                            }
                        } catch (IOException powerOff) {
                            // The last save may or may not be there.
                        }
                        disk.restart();
                    }
                });
    }

    private static long numberOf(Checkpoint checkpoint) {
        return Long.parseLong(checkpoint.position().token().toHex(), 16);
    }

    @Test
    @DisplayName("2.5: a torn or damaged file is detected and the one before it is used")
    void usesThePreviousFileWhenTheCurrentOneIsDamaged() {
        Property.forAll(
                Gen.longs(),
                seed -> {
                    PowerCutDisk disk =
                            new PowerCutDisk(
                                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
                    FileCheckpointStore store =
                            new FileCheckpointStore(disk, "checkpoint", () -> {});
                    store.save(Checkpoints.number(1));
                    store.save(Checkpoints.number(2));
                    disk.damage("checkpoint");
                    FileCheckpointStore next =
                            new FileCheckpointStore(disk, "checkpoint", () -> {});
                    assertThat(next.load()).contains(Checkpoints.number(1));
                    next.save(Checkpoints.number(3));
                    FileCheckpointStore last =
                            new FileCheckpointStore(disk, "checkpoint", () -> {});
                    assertThat(last.load()).contains(Checkpoints.number(3));
                });
    }

    @Test
    @DisplayName(
            "I5: two damaged files are an error that says what to do, and not a start from now")
    void refusesToStartWhenBothFilesAreDamaged() throws IOException {
        try (CheckpointStore store = open("c")) {
            store.save(Checkpoints.number(1));
            store.save(Checkpoints.number(2));
        }
        Files.writeString(folder.resolve("c"), "broken");
        Files.writeString(folder.resolve("c.previous"), "");
        try (CheckpointStore store = open("c")) {
            assertThatThrownBy(store::load)
                    .isInstanceOf(UnusableCheckpointException.class)
                    .hasMessageContaining("both damaged")
                    .hasMessageContaining("watcher.start");
        }
    }

    @Test
    @DisplayName(
            "I4: a second Watcher on the same file is kept away, with a sentence that says what to do")
    void keepsASecondWatcherAway() throws IOException {
        try (CheckpointStore first = open("c")) {
            first.save(Checkpoints.number(1));
            assertThatThrownBy(() -> open("c").close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another Watcher")
                    .hasMessageContaining("watcher.checkpoint.file.path");
        }
        try (CheckpointStore second = open("c")) {
            assertThat(second.load()).contains(Checkpoints.number(1));
        }
    }
}
