package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class AckTrackerTest {
    private record Run(int maxEvents, int maxBytes, long seed, List<TrackerModel.Step> steps) {}

    private static final Gen<Run> RUNS =
            random ->
                    new Run(
                            Gen.ints(1, 40).next(random),
                            Gen.ints(1, 400).next(random),
                            random.nextLong(),
                            Gen.elements(TrackerModel.Step.values()).list(0, 300).next(random));

    @Test
    @DisplayName(
            "2.1 Property 4: the durable position is the longest acknowledged prefix, in whatever"
                    + " order acknowledgements come")
    void theDurablePositionIsTheLongestAcknowledgedPrefix() {
        Property.forAll(
                500,
                RUNS,
                run -> {
                    TrackerModel model =
                            new TrackerModel(run.maxEvents(), run.maxBytes(), run.seed());
                    run.steps().forEach(model::step);
                });
    }

    @Test
    @DisplayName(
            "3.3 Property 8: every event waits for its own confirmation, when many threads confirm at once")
    void followsConfirmationsOfManyThreads() throws Exception {
        int events = 200_000;
        AckTracker tracker = new AckTracker(1000, Long.MAX_VALUE);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Long> pending = new ArrayList<>();
            List<Future<?>> confirmations = new ArrayList<>();
            Position last = null;
            for (int i = 0; i < events; i++) {
                while (!tracker.hasRoom(1)) {
                    submit(threads, tracker, pending, confirmations);
                    tracker.await(1_000_000);
                    tracker.advance();
                }
                last = TrackerModel.position(i);
                pending.add(tracker.add(last, 1));
                if (pending.size() == 100) {
                    submit(threads, tracker, pending, confirmations);
                }
            }
            submit(threads, tracker, pending, confirmations);
            for (Future<?> confirmation : confirmations) {
                confirmation.get();
            }
            tracker.advance();
            assertThat(tracker.durable()).isEqualTo(last);
            assertThat(tracker.inFlightEvents()).isZero();
        }
    }

    private static void submit(
            ExecutorService threads,
            AckTracker tracker,
            List<Long> pending,
            List<Future<?>> confirmations) {
        List<Long> some = new ArrayList<>(pending);
        pending.clear();
        Collections.shuffle(some, new Random(some.size()));
        confirmations.add(threads.submit(() -> some.forEach(tracker::confirm)));
    }

    @Test
    @DisplayName("I7: an event larger than the bound may be in flight alone")
    void letsInAloneWhatIsLargerThanTheBound() {
        AckTracker tracker = new AckTracker(10, 100);
        assertThat(tracker.hasRoom(1000)).isTrue();
        tracker.add(TrackerModel.position(0), 1000);
        assertThat(tracker.hasRoom(1)).isFalse();
        assertThatThrownBy(() -> tracker.add(TrackerModel.position(1), 1))
                .isInstanceOf(IllegalStateException.class);
    }
}
