package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;

class OutboxTest {
    private enum Step {
        SEND,
        CONFIRM,
        FAIL,
        SAVE,
        KILL
    }

    private static final Gen<Step> STEPS =
            Gen.frequency(
                    Gen.weighted(10, Gen.constant(Step.SEND)),
                    Gen.weighted(8, Gen.constant(Step.CONFIRM)),
                    Gen.weighted(1, Gen.constant(Step.FAIL)),
                    Gen.weighted(3, Gen.constant(Step.SAVE)),
                    Gen.weighted(1, Gen.constant(Step.KILL)));

    @Test
    @DisplayName(
            "2.1, 3.3 Properties 4, 8: whatever is confirmed, fails or is killed, the saved position is"
                    + " at or before the longest acknowledged prefix, and in the end every event is in"
                    + " Kafka, in order")
    void neverSavesWhatIsNotDurableAndLosesNothing() {
        Property.forAll(
                500,
                STEPS.list(0, 200),
                steps -> {
                    Life life = new Life();
                    for (Step step : steps) {
                        life.step(step);
                    }
                    life.finish();
                });
    }

    /** A Watcher's life over many sessions: events are numbers, the log is what Kafka has. */
    private static final class Life {
        private final List<Long> log = new ArrayList<>();
        private final TreeSet<Long> durable = new TreeSet<>();
        private long saved = -1;
        private long next;
        private Queue<Long> inFlight = new ArrayDeque<>();
        private AckTracker tracker = new AckTracker(16, 1000);
        private MockProducer<byte[], byte[]> producer = producer();
        private Outbox outbox = outbox();

        private static MockProducer<byte[], byte[]> producer() {
            return new MockProducer<>(
                    false,
                    new RoundRobinPartitioner(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        private Outbox outbox() {
            return new Outbox(
                    producer,
                    tracker,
                    new Classifier(new KafkaErrors()),
                    new SilentListener(() -> {}));
        }

        void step(Step step) throws Exception {
            switch (step) {
                case SEND -> send();
                case CONFIRM -> confirm();
                case FAIL -> fail();
                case SAVE -> save();
                case KILL -> begin();
            }
        }

        private void send() throws Exception {
            if (tracker.hasRoom(10)) {
                var record = new ProducerRecord<byte[], byte[]>("topic", new byte[1], new byte[9]);
                assertThat(outbox.send(record, TrackerModel.position(next), 10)).isNull();
                inFlight.add(next++);
            }
        }

        private void confirm() {
            Long event = inFlight.poll();
            if (event != null) {
                log.add(event);
                durable.add(event);
                assertThat(producer.completeNext()).isTrue();
            }
        }

        /**
         * The session ends with the first failure, and the next one begins at the durable position.
         */
        private void fail() throws Exception {
            if (!inFlight.isEmpty()) {
                Thread kafka =
                        Thread.ofPlatform()
                                .start(
                                        () ->
                                                producer.errorNext(
                                                        new NotLeaderOrFollowerException("no")));
                kafka.join();
                assertThat(producer.closed()).isTrue();
                try {
                    outbox.advance();
                    throw new AssertionError("a failure that nobody noticed");
                } catch (PublishException expected) {
                    save();
                    begin();
                }
            }
        }

        private void save() {
            tracker.advance();
            var position = tracker.durable();
            if (position != null) {
                saved = Long.parseLong(position.token().toHex(), 16);
            }
            assertThat(saved).isLessThanOrEqualTo(acknowledgedPrefix());
        }

        private long acknowledgedPrefix() {
            long last = -1;
            while (durable.contains(last + 1)) {
                last++;
            }
            return last;
        }

        private void begin() {
            next = saved + 1;
            inFlight = new ArrayDeque<>();
            tracker = new AckTracker(16, 1000);
            producer = producer();
            outbox = outbox();
        }

        void finish() throws Exception {
            long end = next + 5;
            while (saved < end) {
                send();
                confirm();
                save();
            }
            long highest = -1;
            for (long event : log) {
                assertThat(event)
                        .as("an event before the one it follows")
                        .isLessThanOrEqualTo(highest + 1);
                highest = Math.max(highest, event);
            }
            assertThat(highest).isGreaterThanOrEqualTo(end);
        }
    }
}
