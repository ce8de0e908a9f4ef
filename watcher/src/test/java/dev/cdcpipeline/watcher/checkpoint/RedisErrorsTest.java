package dev.cdcpipeline.watcher.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import redis.clients.jedis.exceptions.JedisDataException;

class RedisErrorsTest {
    private final RedisErrors errors = new RedisErrors();
    private final Classifier classifier = new Classifier(errors);

    @ParameterizedTest
    @CsvSource({
        "LOADING,RETRY",
        "READONLY,RETRY",
        "OOM,RETRY",
        "MASTERDOWN,RETRY",
        "MOVED,RETRY",
        "UNKILLABLE,RETRY",
        "WRONGPASS,STOP",
        "NOAUTH,STOP",
        "NOPERM,STOP",
        "ERR,STOP",
        "NEWWORD,STOP"
    })
    @DisplayName("12.5 Property 26: Redis' errors are classified by their first word")
    void classifiesByWord(String word, Reaction reaction) {
        assertThat(classifier.failure(new JedisDataException(word + " with words")))
                .isEqualTo(new Failure.ServerError("Redis", word, reaction));
    }

    @Test
    @DisplayName("12.5 Property 26: every row of the catalogue reacts as it says")
    void reactsAsTheCatalogueSays() {
        assertThat(errors.entries())
                .allSatisfy(
                        row ->
                                assertThat(classifier.failure(new JedisDataException(row.code())))
                                        .isEqualTo(
                                                new Failure.ServerError(
                                                        "Redis", row.code(), row.reaction())));
    }

    @Test
    @DisplayName("12.5: a right that a script lacks is a missing right, though Redis says ERR")
    void knowsAMissingRightWithinAScript() {
        var reply =
                new JedisDataException(
                        "ERR ACL failure in script: User cdc has no permissions to run the 'hget' command");

        assertThat(classifier.failure(reply))
                .isEqualTo(new Failure.ServerError("Redis", "NOPERM", Reaction.STOP));
    }
}
