package dev.cdcpipeline.kafka;

import static dev.cdcpipeline.platform.failure.Reaction.DEAD_LETTER;
import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.platform.failure.Reaction;

import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.ConnectException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

class KafkaErrorsTest {
    private final KafkaErrors errors = new KafkaErrors();
    private final Classifier classifier = new Classifier(errors);
    private final Explainer explainer =
            new Explainer(
                    Map.of("kafka", "syncer.kafka", "topicOperations", "--operation Read"), errors);

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("12.5 Property 26: exceptions of Kafka are classified by type")
    void classifiesExceptions(Throwable thrown, Reaction reaction) {
        assertThat(classifier.reaction(thrown)).isEqualTo(reaction);
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new org.apache.kafka.common.errors.TimeoutException(), RETRY),
                Arguments.of(new CoordinatorNotAvailableException("x"), RETRY),
                Arguments.of(new OutOfOrderSequenceException("x"), RETRY),
                Arguments.of(new UnknownProducerIdException("x"), RETRY),
                Arguments.of(new InvalidProducerEpochException("x"), RETRY),
                Arguments.of(new ProducerFencedException("x"), STOP),
                Arguments.of(new SaslAuthenticationException("x"), STOP),
                Arguments.of(new TopicAuthorizationException("x"), STOP),
                Arguments.of(new UnsupportedVersionException("x"), STOP),
                Arguments.of(new NoOffsetForPartitionException(new TopicPartition("t", 0)), STOP),
                Arguments.of(new RecordTooLargeException("x"), DEAD_LETTER),
                Arguments.of(new SerializationException("x"), DEAD_LETTER),
                Arguments.of(new WakeupException(), STOP),
                Arguments.of(new KafkaException("Failed to construct"), STOP),
                Arguments.of(
                        new KafkaException("Failed to construct", new ConnectException()), RETRY));
    }

    @Test
    @DisplayName("12.5 Property 26: a type has one row")
    void hasOneRowForAType() {
        assertThat(errors.entries())
                .extracting(row -> row.name() + "." + row.code())
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("12.5: a missing right is explained with the topics or the group that it is about")
    void namesWhatTheRightIsMissingOn() {
        assertThat(sentence(new TopicAuthorizationException(Set.of("b", "a"))))
                .startsWith("The Kafka user lacks a right on the topic a, b: ")
                .endsWith("--operation Read --topic a");
        assertThat(sentence(new TopicAuthorizationException("x")))
                .startsWith("The Kafka user lacks a right on a topic: ")
                .endsWith("--topic <topic>");
        assertThat(sentence(GroupAuthorizationException.forGroupId("mine")))
                .contains("consumer group mine:", "--group mine,", "syncer.kafka.group");
    }

    @Test
    @DisplayName(
            "12.5: a handshake that fails without a reason is explained by its most likely one")
    void explainsAHandshakeWithoutAReason() {
        assertThat(sentence(new SslAuthenticationException("SSL handshake failed")))
                .contains(
                        "Kafka refuses the TLS connection",
                        "(TLS says: SSL handshake failed)",
                        "see syncer.kafka.properties.ssl.keystore.location");
    }

    private String sentence(KafkaException thrown) {
        return explainer
                .on(new ExecutionException(thrown))
                .map(Explanation::sentence)
                .orElseThrow();
    }
}
