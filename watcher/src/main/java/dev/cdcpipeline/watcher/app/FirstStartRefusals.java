package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.failure.ExplainedException;
import dev.cdcpipeline.watcher.publish.Tails;

import org.apache.kafka.common.errors.TopicAuthorizationException;

import java.util.Set;

/**
 * Why a Watcher without a checkpoint does not start, and what to do.
 *
 * @param checkpoint where it looked for one
 * @param generation as it is configured
 */
record FirstStartRefusals(String checkpoint, long generation) {

    /** Records of a later generation count as newer, whatever is published now (W8). */
    ExplainedException lowerGeneration(Tails.Tail newest) {
        long there = newest.position().generation();
        return new ExplainedException(
                "there is no checkpoint (%s), and the newest record in %s has generation %d, but watcher.generation is %d: what is published now would count as older than what was applied. Set watcher.generation to %d to go on after those records, or to %d to begin as watcher.start says, without what changed meanwhile"
                        .formatted(
                                checkpoint, newest.topic(), there, generation, there, there + 1));
    }

    ExplainedException unreadable(TopicAuthorizationException cause) {
        String topics = String.join(", ", cause.unauthorizedTopics());
        return new ExplainedException(
                "there is no checkpoint (%s), and the Kafka user may not read %s, where the place to go on is to be found: restore the checkpoint; or grant the right by kafka-acls.sh --add --allow-principal User:<user> --operation Read --topic %s; or set watcher.start to the instant at which to begin, with what came after published again"
                        .formatted(checkpoint, topics, topics),
                cause);
    }

    /** The topics were in use, and do not say up to when. */
    ExplainedException silent(Set<String> topics) {
        return new ExplainedException(
                "there is no checkpoint (%s), so that this would start from now (watcher.start: now), but %s held records, and none is left that says up to where changes were published: what changed since would be left out. Restore the checkpoint, or set watcher.start to an instant at which everything before had been published; what came after is published again. To leave out what changed meanwhile, set it to the present instant"
                        .formatted(checkpoint, named(topics)));
    }

    /** By an older version, or by a Watcher with another scope. */
    ExplainedException unknownPlace(Tails.Tail newest) {
        return new ExplainedException(
                "there is no checkpoint (%s), so that this would start from now (watcher.start: now), but %s holds changes up to %s that an older version or a Watcher of another cluster, scope or pipeline has published: what changed since would be left out. Restore the checkpoint, or set watcher.start to an instant, before that time, at which everything before had been published; what came after is published again. To leave out what changed meanwhile, set watcher.generation to %d"
                        .formatted(
                                checkpoint,
                                newest.topic(),
                                Beginnings.time(newest.position()),
                                generation + 1));
    }

    ExplainedException foreignEvent(Tails.Tail newest) {
        return new ExplainedException(
                "there is no checkpoint (%s), and the newest change in %s, of %s, did not happen in the cluster of watcher.mongodb.uri, or its change stream does not show it: correct the URI, or watcher.topic.prefix if the topics are those of another cluster. If this cluster took the other's place, set watcher.start to the instant at which it did, and watcher.generation to %d"
                        .formatted(
                                checkpoint,
                                newest.topic(),
                                Beginnings.time(newest.position()),
                                generation + 1));
    }

    private static String named(Set<String> topics) {
        String first = topics.iterator().next();
        return topics.size() == 1
                ? "the topic " + first
                : "the topics " + first + " and " + (topics.size() - 1) + " more";
    }
}
