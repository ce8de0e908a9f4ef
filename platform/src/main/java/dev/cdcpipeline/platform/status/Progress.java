package dev.cdcpipeline.platform.status;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.jspecify.annotations.Nullable;

/** How far a service has got. Counts begin at zero with the process. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Progress.OfWatcher.class, name = "watcher"),
    @JsonSubTypes.Type(value = Progress.OfSyncer.class, name = "syncer")
})
public sealed interface Progress {

    /** Records that went to a dead-letter topic. */
    long deadLetters();

    /** Change events that the service took in, published or consumed: what its rate is made of. */
    long events();

    /**
     * How far a Watcher has got.
     *
     * @param captured change events read from MongoDB
     * @param events records confirmed by Kafka
     * @param deadLetters events that were too large for Kafka
     * @param lagSeconds the age of the change up to which everything was handed to Kafka; null
     *     while it is not known, as on a standby
     * @param durableAgeSeconds the age of the position up to which Kafka has confirmed everything;
     *     null while there is none
     */
    record OfWatcher(
            long captured,
            long events,
            long deadLetters,
            @Nullable Double lagSeconds,
            @Nullable Double durableAgeSeconds)
            implements Progress {}

    /**
     * How far a Syncer has got.
     *
     * @param events records consumed
     * @param committed records of all committed batches, those that changed nothing included
     * @param redelivered records that an earlier batch had committed already
     * @param deadLetters records that could not be applied
     * @param recordsBehind records in the partitions of this Syncer that are not yet in PostgreSQL;
     *     null while that is not known
     * @param changes changes written of which the lag was measured
     * @param lagSecondsTotal the sum of their lags, from the change in MongoDB to the commit
     */
    record OfSyncer(
            long events,
            long committed,
            long redelivered,
            long deadLetters,
            @Nullable Long recordsBehind,
            long changes,
            double lagSecondsTotal)
            implements Progress {}
}
