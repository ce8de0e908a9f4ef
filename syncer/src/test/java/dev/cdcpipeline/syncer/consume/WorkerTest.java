package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.support.Polled;
import dev.cdcpipeline.syncer.write.BatchStore;
import dev.cdcpipeline.syncer.write.Outcome;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

class WorkerTest {

    @Test
    @DisplayName("I5: a worker that dies of an error ends the service, not only itself")
    void anErrorReachesThePollLoop() {
        var error = new StackOverflowError();
        var inbox = new Inbox();
        var limits = new BatchLimits(1, Duration.ofHours(1), true, 1, 1_000);
        var queue = new WorkQueue(new Workload(1, limits, 1_000), System::nanoTime);
        queue.put(List.of(chunk()));

        BatchStore store =
                plan -> {
                    throw error;
                };

        new Worker(queue, Appliers.applier(store, bad -> {}, inbox), inbox).run();

        assertThat(inbox.poll())
                .isInstanceOfSatisfying(
                        Report.Failed.class,
                        failed -> assertThatThrownBy(failed::rethrow).isSameAs(error));
    }

    @Test
    @DisplayName("I7: what a worker has applied gives its memory back")
    void whatIsAppliedIsReleased() throws Exception {
        var inbox = new Inbox();
        var limits = new BatchLimits(1, Duration.ofHours(1), true, 1, 1_000);
        var queue = new WorkQueue(new Workload(1, limits, 1_000), System::nanoTime);
        Chunk chunk = chunk();
        queue.put(List.of(chunk));
        queue.close();

        BatchStore store = plan -> new Outcome.Written(List.of());
        new Worker(queue, Appliers.applier(store, bad -> {}, inbox), inbox).run();

        assertThat(inbox.poll()).isInstanceOf(Report.Applied.class);
        assertThat(queue.isDrained()).isTrue();
        assertThatThrownBy(() -> chunk.records().get(0).toRecord())
                .isInstanceOf(IllegalStateException.class);
    }

    private static Chunk chunk() {
        var claim = new Claim(new TopicPartition("topic", 0));
        claim.open(new Progress(new PartitionId(new UUID(1, 1), "topic", 0), 0, null));
        return new Chunk(claim, Polled.records(claim.partition(), 0, 1), null);
    }
}
