package dev.cdcpipeline.kafka;

import dev.cdcpipeline.platform.failure.Causes;
import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.platform.failure.TlsProblem;
import dev.cdcpipeline.platform.secret.Redaction;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The errors of Kafka, by the types of its client. A type stands for its subclasses too; the
 * nearest one wins.
 *
 * <p>Placeholders that a service has to know: {@code kafka}, the prefix of its options, and {@code
 * topicOperations}, what it does with topics, as options of {@code kafka-acls.sh}.
 */
public final class KafkaErrors implements ErrorCatalogue {
    private static final String GRANT = "kafka-acls.sh --add --allow-principal User:<user> ";

    private static final List<Row> ROWS =
            List.of(
                    // A new consumer or producer heals these: "application recoverable", in Kafka's
                    // words.
                    retry(ApplicationRecoverableException.class),
                    retry(CommitFailedException.class),
                    retry(DuplicateSequenceException.class),
                    // Too few brokers for a new topic, as while a cluster is restarted.
                    retry(InvalidReplicationFactorException.class),
                    retry(OutOfOrderSequenceException.class),
                    retry(RebalanceInProgressException.class),
                    retry(RetriableException.class),
                    retry(UnknownServerException.class),
                    retry(UnreleasedInstanceIdException.class),
                    stop(AuthenticationException.class),
                    stop(AuthorizationException.class),
                    stop(ClusterAuthorizationException.class)
                            .explained(
                                    "The Kafka user lacks a right on the cluster ({said})",
                                    "topics are created by a user that has Create on them, or beforehand; grant it"
                                            + " with "
                                            + GRANT
                                            + "--operation Create --operation IdempotentWrite --cluster"),
                    stop(ConfigException.class),
                    // Another instance has the same identity: two must not fight over it (I4).
                    stop(FencedInstanceIdException.class),
                    stop(GroupAuthorizationException.class)
                            .explained(
                                    "The Kafka user may not use the consumer group {group}",
                                    "grant it with "
                                            + GRANT
                                            + "--operation Read --operation Describe --group {group}, or choose"
                                            + " another {kafka}.group"),
                    stop(GroupMaxSizeReachedException.class),
                    stop(InconsistentGroupProtocolException.class)
                            .explained(
                                    "Members of another kind use this consumer group ({said}), another program or the"
                                            + " same with another assignor or group protocol",
                                    "stop them, or choose another {kafka}.group, which applies the topics from"
                                            + " their start"),
                    stop(InvalidConfigurationException.class),
                    // What Kafka no longer holds is never skipped in silence (I5).
                    stop(InvalidOffsetException.class),
                    stop(org.apache.kafka.common.errors.InvalidOffsetException.class),
                    stop(KafkaException.class),
                    stop(LogTruncationException.class),
                    stop(PolicyViolationException.class),
                    stop(ProducerFencedException.class),
                    stop(SaslAuthenticationException.class)
                            .explained(
                                    "Kafka does not accept the user or the password ({said})",
                                    "check {kafka}.properties.sasl.jaas.config and sasl.mechanism, and that the"
                                            + " user exists for this mechanism"),
                    // Where the causes say more, the explainer has told it already.
                    stop(SslAuthenticationException.class)
                            .explained(
                                    TlsProblem.REFUSED.explanation().problem(),
                                    TlsProblem.REFUSED.explanation().remedy()),
                    stop(TopicAuthorizationException.class)
                            .explained(
                                    "The Kafka user lacks a right on {topics}",
                                    "grant it, for example with "
                                            + GRANT
                                            + "{topicOperations} --topic {topic}"),
                    stop(UnsupportedSaslMechanismException.class)
                            .explained(
                                    "Kafka does not offer this SASL mechanism ({said})",
                                    "set {kafka}.properties.sasl.mechanism to one that the listener enables"),
                    stop(UnsupportedVersionException.class),
                    deadLetter(InvalidTimestampException.class),
                    deadLetter(RecordBatchTooLargeException.class),
                    deadLetter(RecordTooLargeException.class),
                    deadLetter(SerializationException.class));

    private static final List<ErrorEntry> ENTRIES = ROWS.stream().map(Row::entry).toList();

    private static final Map<Class<?>, ErrorEntry> BY_TYPE =
            ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::type, Row::entry));

    /** The catalogue; it has no state. */
    public KafkaErrors() {}

    /** An entry and the type that it is about. */
    private record Row(Class<?> type, ErrorEntry entry) {
        Row explained(String problem, String remedy) {
            return new Row(type, entry.explained(problem, remedy));
        }
    }

    private static Row retry(Class<?> type) {
        return new Row(type, ErrorEntry.retry(type.getSimpleName(), type.getPackageName()));
    }

    private static Row stop(Class<?> type) {
        return new Row(type, ErrorEntry.stop(type.getSimpleName(), type.getPackageName()));
    }

    private static Row deadLetter(Class<?> type) {
        return new Row(type, ErrorEntry.deadLetter(type.getSimpleName(), type.getPackageName()));
    }

    /**
     * What to say when a client cannot even be created: a file that does not exist, options that do
     * not go together.
     *
     * @param options the prefix of the options, {@code watcher.kafka}
     */
    public static ExplainedException clientCreationFailed(String options, KafkaException thrown) {
        return new ExplainedException(
                "The Kafka client cannot be created from %s.properties (%s): correct them, or the files that they name"
                        .formatted(options, Redaction.redact(Causes.deepest(thrown))),
                thrown);
    }

    @Override
    public String system() {
        return "Kafka";
    }

    @Override
    public List<ErrorEntry> entries() {
        return ENTRIES;
    }

    @Override
    public boolean isSource(Throwable thrown) {
        return thrown instanceof KafkaException;
    }

    @Override
    public @Nullable ErrorEntry entry(Throwable thrown) {
        for (@Nullable Class<?> each = thrown.getClass();
                each != null;
                each = each.getSuperclass()) {
            ErrorEntry entry = BY_TYPE.get(each);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case InterruptException _, WakeupException _ -> new Failure.Interrupted();
            // A bare KafkaException wraps what happened.
            case KafkaException kafka when kafka.getClass() != KafkaException.class ->
                    new Failure.ServerError(
                            "Kafka", kafka.getClass().getSimpleName(), reaction(kafka));
            default -> null;
        };
    }

    private Reaction reaction(KafkaException thrown) {
        ErrorEntry entry = entry(thrown);
        return entry == null ? Reaction.STOP : entry.reaction();
    }

    /** The topics and the group that it is about, and its own words. */
    @Override
    public Map<String, String> values(Throwable thrown) {
        var values = new HashMap<>(ErrorCatalogue.super.values(thrown));
        switch (thrown) {
            case TopicAuthorizationException refused -> {
                var topics = refused.unauthorizedTopics().stream().sorted().toList();
                values.put("topic", topics.isEmpty() ? "<topic>" : topics.getFirst());
                values.put(
                        "topics",
                        topics.isEmpty() ? "a topic" : "the topic " + String.join(", ", topics));
            }
            case GroupAuthorizationException refused ->
                    values.put("group", String.valueOf(refused.groupId()));
            default -> {
                // Its words say it all.
            }
        }
        return values;
    }

    @Override
    public TlsOptions tlsOptions() {
        return new TlsOptions(
                "{kafka}.properties.ssl.truststore.location",
                "{kafka}.properties.ssl.keystore.location",
                "{kafka}.bootstrap-servers and the brokers' advertised.listeners");
    }
}
