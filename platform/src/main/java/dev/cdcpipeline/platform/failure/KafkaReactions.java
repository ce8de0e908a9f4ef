package dev.cdcpipeline.platform.failure;

import static java.util.Map.entry;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
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
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The part of the table for Kafka, by the types of its client. A type stands for its subclasses
 * too; the nearest one wins.
 */
final class KafkaReactions {
    private static final Map<Class<?>, Reaction> BY_TYPE =
            Map.ofEntries(
                    entry(RetriableException.class, Reaction.RETRY),
                    // A new consumer or producer heals these: "application recoverable", in Kafka's
                    // words.
                    entry(ApplicationRecoverableException.class, Reaction.RETRY),
                    entry(CommitFailedException.class, Reaction.RETRY),
                    entry(DuplicateSequenceException.class, Reaction.RETRY),
                    // Too few brokers for a new topic, as while a cluster is restarted.
                    entry(InvalidReplicationFactorException.class, Reaction.RETRY),
                    entry(OutOfOrderSequenceException.class, Reaction.RETRY),
                    entry(RebalanceInProgressException.class, Reaction.RETRY),
                    entry(UnknownServerException.class, Reaction.RETRY),
                    entry(UnreleasedInstanceIdException.class, Reaction.RETRY),
                    // Another instance has the same identity: two must not fight over it (I4).
                    entry(FencedInstanceIdException.class, Reaction.STOP),
                    entry(ProducerFencedException.class, Reaction.STOP),
                    // What Kafka no longer holds is never skipped in silence (I5).
                    entry(InvalidOffsetException.class, Reaction.STOP),
                    entry(LogTruncationException.class, Reaction.STOP),
                    entry(
                            org.apache.kafka.common.errors.InvalidOffsetException.class,
                            Reaction.STOP),
                    entry(AuthenticationException.class, Reaction.STOP),
                    entry(AuthorizationException.class, Reaction.STOP),
                    entry(ConfigException.class, Reaction.STOP),
                    entry(GroupMaxSizeReachedException.class, Reaction.STOP),
                    entry(InvalidConfigurationException.class, Reaction.STOP),
                    entry(PolicyViolationException.class, Reaction.STOP),
                    entry(UnsupportedVersionException.class, Reaction.STOP),
                    entry(KafkaException.class, Reaction.STOP),
                    entry(InvalidTimestampException.class, Reaction.DEAD_LETTER),
                    entry(RecordBatchTooLargeException.class, Reaction.DEAD_LETTER),
                    entry(RecordTooLargeException.class, Reaction.DEAD_LETTER),
                    entry(SerializationException.class, Reaction.DEAD_LETTER));

    static final List<Row> ROWS =
            BY_TYPE.entrySet().stream()
                    .map(
                            type ->
                                    new Row(
                                            type.getKey().getSimpleName(),
                                            type.getKey().getPackageName(),
                                            type.getValue()))
                    .sorted(
                            Comparator.comparing(Row::reaction)
                                    .thenComparing(Row::code)
                                    .thenComparing(Row::name))
                    .toList();

    private KafkaReactions() {}

    static Reaction of(Class<?> type) {
        for (@Nullable Class<?> each = type; each != null; each = each.getSuperclass()) {
            var reaction = BY_TYPE.get(each);
            if (reaction != null) {
                return reaction;
            }
        }
        return Reaction.STOP;
    }
}
