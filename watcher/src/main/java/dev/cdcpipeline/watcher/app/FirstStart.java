package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.watcher.capture.EventProbe;
import dev.cdcpipeline.watcher.capture.StartFrom;
import dev.cdcpipeline.watcher.capture.TokenTime;
import dev.cdcpipeline.watcher.publish.StreamIds;
import dev.cdcpipeline.watcher.publish.Tails;
import dev.cdcpipeline.watcher.publish.TopicTails;

import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.bson.BsonTimestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a Watcher begins that has no checkpoint. It may have lost it, and what changed
 * since then must not be left out in silence (I5): so it looks into its topics. Where they have
 * never held a record, it is the first start. Where they say up to where everything was durable, it
 * goes on there. Where they say too little, it refuses.
 */
final class FirstStart {
    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

    /** Streams to look for in MongoDB; there is more than one where clusters share topics. */
    private static final int MOST_STREAMS = 3;

    private final WatcherSettings settings;
    private final Retry retry;
    private final TopicTails topics;
    private final EventProbe mongo;
    private final StreamIds ids;
    private final FirstStartRefusals refusals;

    /**
     * @param topics what was published
     * @param mongo knows what happened
     * @param ids names the stream
     * @param refusals says why there is no start
     */
    FirstStart(
            WatcherSettings settings,
            Retry retry,
            TopicTails topics,
            EventProbe mongo,
            StreamIds ids,
            FirstStartRefusals refusals) {
        this.settings = settings;
        this.retry = retry;
        this.topics = topics;
        this.mongo = mongo;
        this.ids = ids;
        this.refusals = refusals;
    }

    /**
     * Decides.
     *
     * @param known where no place is known
     * @throws ExplainedException when to start would leave out changes, or is not sure not to
     */
    Beginning decide(KnownPosition known) throws Exception {
        Tails found;
        try {
            found = retry.call("topic", topics::read);
        } catch (TopicAuthorizationException e) {
            return withoutALook(e);
        }
        Tails.Tail newest = found.newest();
        if (newest == null) {
            return withoutAPosition(found, known);
        }
        int order = Long.compare(settings.generation(), newest.position().generation());
        if (order < 0) {
            throw refusals.lowerGeneration(newest);
        }
        if (startsFromNow()) {
            return order == 0 ? goOn(found, newest) : leaveOutWhatChanged(newest);
        }
        return asConfigured();
    }

    /** An operator says so by the generation; or he raised it and nothing was published since. */
    private Beginning leaveOutWhatChanged(Tails.Tail newest) {
        LOG.warn(
                "there is no checkpoint ({}), and watcher.generation {} is above that of the newest record in {}, {} of {}:"
                        + " starting from now, what changed since then is left out",
                refusals.checkpoint(),
                settings.generation(),
                newest.topic(),
                newest.position().generation(),
                Beginnings.time(newest.position()));
        return asConfigured();
    }

    private boolean startsFromNow() {
        return StartTime.parse(settings.start()) instanceof StartFrom.Now;
    }

    /** An operator's own instant counts also where the topics cannot be read. */
    private Beginning withoutALook(TopicAuthorizationException cause) throws ExplainedException {
        if (startsFromNow()) {
            throw refusals.unreadable(cause);
        }
        LOG.warn(
                "the Kafka user may not read {}: whether watcher.generation {} is that of the records in it is not known",
                cause.unauthorizedTopics(),
                settings.generation());
        return asConfigured();
    }

    private Beginning withoutAPosition(Tails found, KnownPosition known) throws ExplainedException {
        if (startsFromNow()) {
            if (!found.silent().isEmpty()) {
                throw refusals.silent(found.silent());
            }
            known.requireNoGap();
        }
        return asConfigured();
    }

    private Beginning asConfigured() {
        String start = settings.start();
        return new Beginning(
                StartTime.parse(start),
                null,
                settings.generation(),
                ids.next(),
                startsFromNow()
                        ? "no checkpoint yet (%s): starts with what changes from now on (watcher.start: now)"
                                .formatted(refusals.checkpoint())
                        : "no checkpoint yet (%s): starts with what changed since %s"
                                .formatted(refusals.checkpoint(), start));
    }

    /** Goes on with the newest stream whose last event MongoDB knows. */
    private Beginning goOn(Tails found, Tails.Tail newest) throws Exception {
        if (found.mine().isEmpty()) {
            throw refusals.unknownPlace(newest);
        }
        for (Tails.StreamTail tail : found.mine().stream().limit(MOST_STREAMS).toList()) {
            if (retry.call("change stream", () -> mongo.knows(tail.event()))) {
                return goOnAfter(tail);
            }
        }
        throw refusals.foreignEvent(found.mine().getFirst().last());
    }

    /**
     * At the time, and not after the token, as other headers than the value's token may lack type
     * bits; what is at that very time is published again. Under a new name: the exact filter of the
     * events in the topics is not known.
     */
    private Beginning goOnAfter(Tails.StreamTail tail) {
        Position durable = tail.durable();
        BsonTimestamp time = TokenTime.of(durable.token());
        String at = Beginnings.time(durable);
        LOG.warn(
                "there is no checkpoint ({}), but the topics hold what was published before, the newest in {} of {}: going"
                        + " on at {}, up to which everything was confirmed; what came after is published again",
                refusals.checkpoint(),
                tail.last().topic(),
                Beginnings.time(tail.last().position()),
                at);
        return new Beginning(
                time == null ? new StartFrom.After(durable.token()) : new StartFrom.At(time),
                durable,
                settings.generation(),
                ids.next(),
                "no checkpoint (%s): goes on where the records in the topics say, at %s"
                        .formatted(refusals.checkpoint(), at));
    }
}
