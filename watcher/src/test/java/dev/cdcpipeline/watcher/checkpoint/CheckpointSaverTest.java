package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.Position;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

class CheckpointSaverTest {

    @Test
    @DisplayName("case W9: the listener hears of the Error that the saving thread dies of")
    void tellsWhatItDiesOf() throws Exception {
        var error = new StackOverflowError();
        var store =
                new CheckpointStore() {
                    @Override
                    public Optional<Checkpoint> load() {
                        return Optional.empty();
                    }

                    @Override
                    public void save(Checkpoint checkpoint) {
                        throw error;
                    }

                    @Override
                    public void close() {
                        // Nothing is open.
                    }
                };
        var death = new CompletableFuture<Throwable>();
        SaveListener listener =
                new SaveListener() {
                    @Override
                    public void saving() {}

                    @Override
                    public void saved(Position position) {}

                    @Override
                    public void failed(Exception cause) {}

                    @Override
                    public void died(Throwable cause) {
                        death.complete(cause);
                    }
                };
        try (CheckpointSaver saver =
                new CheckpointSaver(store, new Identity("", "", ""), Duration.ofMillis(1), listener)
                        .start()) {
            saver.offer(Checkpoints.number(1).place());
            assertThat(death).succeedsWithin(Duration.ofSeconds(30)).isSameAs(error);
        }
    }
}
