package dev.cdcpipeline.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.kafka.KafkaAdmin;
import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.platform.retry.RetryListener;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class SendRetryTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(
                    false,
                    new RoundRobinPartitioner(),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
    private final List<Duration> waits = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private final Outbox outbox =
            new Outbox(
                    producer,
                    new AckTracker(16, 1000),
                    new Classifier(new KafkaErrors()),
                    new SilentListener(this::proceed));
    private final Retry retry =
            new Retry(
                    new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(1), 1, 0, 0),
                    new Classifier(new KafkaErrors())::reaction,
                    RetryListener.NONE,
                    wait -> {
                        waits.add(wait);
                        assertThat(waits).as("waits on a closed producer").hasSizeLessThan(10);
                        proceed();
                    },
                    RandomGenerator.getDefault());

    private void proceed() {
        Runnable next = meanwhile;
        meanwhile = () -> {};
        next.run();
    }

    private static ProducerRecord<byte[], byte[]> record() {
        return new ProducerRecord<>("topic", new byte[1], new byte[9]);
    }

    /** Kafka refuses what is in flight with an error that may pass but that its client gives up. */
    private void failWhatIsInFlight() {
        Thread kafka =
                Thread.ofPlatform()
                        .start(() -> producer.errorNext(new UnknownServerException("no")));
        try {
            kafka.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(producer.closed()).isTrue();
    }

    @Test
    @DisplayName(
            "3.4, I1: a large record that waits for one in flight ends the session when that one fails,"
                    + " and is not sent again and again to the closed producer")
    void aLargeRecordDoesNotOutliveItsProducer() throws Exception {
        assertThat(outbox.send(record(), TrackerModel.position(1), 10)).isNull();
        meanwhile = this::failWhatIsInFlight;
        var large =
                new LargeRecords.Large(
                        new Namespace("shop", "orders"), TrackerModel.position(2), record(), 2, 2);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:1"))) {
            var topics = new Topics(new KafkaAdmin(admin), new TopicSettings("cdc", 1, 1, 1000));
            var records =
                    new LargeRecords(
                            1000,
                            TooLarge.STOP,
                            "letters",
                            topics,
                            retry,
                            new SilentListener(() -> {}));
            assertThatThrownBy(() -> records.send(outbox, large))
                    .isInstanceOf(PublishException.class)
                    .hasCauseInstanceOf(UnknownServerException.class);
        }
        assertThat(waits).isEmpty();
    }

    @Test
    @DisplayName(
            "3.4, I1: a record that is sent again after a passing refusal ends the session when one in"
                    + " flight fails meanwhile")
    void aRefusedRecordDoesNotOutliveItsProducer() throws Exception {
        assertThat(outbox.send(record(), TrackerModel.position(1), 10)).isNull();
        producer.sendException = new TimeoutException("no metadata");
        meanwhile = this::failWhatIsInFlight;
        assertThatThrownBy(
                        () ->
                                new SendRetry(retry)
                                        .send(outbox, record(), TrackerModel.position(2), 10))
                .isInstanceOf(PublishException.class)
                .hasCauseInstanceOf(UnknownServerException.class);
        assertThat(waits).hasSize(1);
    }

    @Test
    @DisplayName("3.4: a record that is refused for a passing reason is sent until Kafka takes it")
    void sendsAgainWhatMayPass() throws Exception {
        producer.sendException = new TimeoutException("no metadata");
        meanwhile = () -> producer.sendException = null;
        new SendRetry(retry).send(outbox, record(), TrackerModel.position(1), 10);
        assertThat(producer.history()).hasSize(1);
        assertThat(waits).hasSize(1);
    }
}
