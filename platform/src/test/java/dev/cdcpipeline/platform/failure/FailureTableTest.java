package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Reaction.DEAD_LETTER;
import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.failure.Failure.KafkaError;
import dev.cdcpipeline.platform.failure.Failure.MongoError;
import dev.cdcpipeline.platform.failure.Failure.RedisError;
import dev.cdcpipeline.platform.failure.Failure.SqlError;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownProducerIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class FailureTableTest {
    private final Classifier classifier = new Classifier();

    @ParameterizedTest
    @CsvSource({
        "6,RETRY",
        "7,RETRY",
        "43,RETRY",
        "89,RETRY",
        "91,RETRY",
        "136,RETRY",
        "175,RETRY",
        "189,RETRY",
        "237,RETRY",
        "262,RETRY",
        "9001,RETRY",
        "10107,RETRY",
        "11602,RETRY",
        "13435,RETRY",
        "13,STOP",
        "18,STOP",
        "222,STOP",
        "260,STOP",
        "280,STOP",
        "286,STOP",
        "10334,STOP",
        "40585,STOP",
        "40573,STOP",
        "1,STOP",
        "-1,STOP",
        "999999,STOP"
    })
    @DisplayName("12.5 Property 26: MongoDB's errors are classified by code")
    void classifiesMongoByCode(int code, Reaction reaction) {
        assertThat(FailureTable.reaction(new MongoError(code))).isEqualTo(reaction);
    }

    @Test
    @DisplayName("12.5 A label of MongoDB decides only where the code says nothing")
    void classifiesUnknownMongoCodesByLabel() {
        assertThat(
                        FailureTable.reaction(
                                new MongoError(77777, Set.of("ResumableChangeStreamError"))))
                .isEqualTo(RETRY);
        assertThat(FailureTable.reaction(new MongoError(286, Set.of("RetryableWriteError"))))
                .isEqualTo(STOP);
        assertThat(
                        FailureTable.reaction(
                                new MongoError(43, Set.of("NonResumableChangeStreamError"))))
                .isEqualTo(STOP);
    }

    @ParameterizedTest
    @CsvSource({
        "08006,RETRY",
        "08001,RETRY",
        "08S01,RETRY",
        "40001,RETRY",
        "40P01,RETRY",
        "53300,RETRY",
        "53100,RETRY",
        "55P03,RETRY",
        "57P01,RETRY",
        "57P02,RETRY",
        "57P03,RETRY",
        "57014,RETRY",
        "25006,RETRY",
        "58030,RETRY",
        "28P01,STOP",
        "28000,STOP",
        "42501,STOP",
        "3D000,STOP",
        "3F000,STOP",
        "42P01,STOP",
        "42703,STOP",
        "57P04,STOP",
        "55000,STOP",
        "25P02,STOP",
        "XX000,STOP",
        "21000,STOP",
        "22P02,DEAD_LETTER",
        "22021,DEAD_LETTER",
        "22P05,DEAD_LETTER",
        "23502,DEAD_LETTER",
        "23505,DEAD_LETTER",
        "54000,DEAD_LETTER",
        "54011,DEAD_LETTER",
        "P0001,DEAD_LETTER",
        "ZZ999,STOP",
        "'',STOP",
        "22,DEAD_LETTER",
        "4,STOP"
    })
    @DisplayName("12.5 Property 26: PostgreSQL's errors are classified by SQLSTATE")
    void classifiesPostgresByState(String state, Reaction reaction) {
        assertThat(FailureTable.reaction(new SqlError(state))).isEqualTo(reaction);
    }

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
    void classifiesRedisByWord(String word, Reaction reaction) {
        assertThat(FailureTable.reaction(new RedisError(word))).isEqualTo(reaction);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("12.5 Property 26: exceptions of Kafka, JDBC and the JDK are classified by type")
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
                        new KafkaException("Failed to construct", new ConnectException()), RETRY),
                Arguments.of(new SQLException("x", "40001"), RETRY),
                Arguments.of(new SQLTransientConnectionException("pool exhausted"), RETRY),
                Arguments.of(batch(), DEAD_LETTER),
                Arguments.of(new SocketTimeoutException(), RETRY),
                Arguments.of(new UnknownHostException("h"), RETRY),
                Arguments.of(new EOFException(), RETRY),
                Arguments.of(new IOException("broken pipe"), RETRY),
                Arguments.of(new IOException(new IllegalStateException()), STOP),
                Arguments.of(new AccessDeniedException("f"), RETRY),
                Arguments.of(new TimeoutException(), RETRY),
                Arguments.of(new InterruptedException(), STOP),
                Arguments.of(new IllegalStateException("x"), STOP),
                Arguments.of(new OutOfMemoryError(), STOP));
    }

    private static BatchUpdateException batch() {
        var batch = new BatchUpdateException("Batch entry 0", "", new int[0]);
        batch.setNextException(new SQLException("x", "22P02"));
        return batch;
    }

    @Test
    @DisplayName("12.5 Property 26: neither the message nor what wraps it changes the reaction")
    void looksAtCodesAndNeverAtMessages() {
        Property.forAll(
                500,
                FailureTableTest::wrapped,
                wrapped ->
                        assertThat(classifier.reaction(wrapped.thrown))
                                .isEqualTo(FailureTable.reaction(new SqlError(wrapped.state))));
    }

    @Test
    @DisplayName("12.5 Property 26: a code that the table does not have stops")
    void stopsAtWhatItDoesNotKnow() {
        var mongo = codes(MongoReactions.ROWS);
        var sql = codes(SqlReactions.ROWS);
        Property.forAll(
                500,
                Gen.ints(),
                code -> {
                    if (!mongo.contains(code.toString())) {
                        assertThat(FailureTable.reaction(new MongoError(code))).isEqualTo(STOP);
                    }
                });
        Property.forAll(
                500,
                Gen.words(5).map(word -> word.toUpperCase(Locale.ROOT)),
                state -> {
                    var known = sql.stream().anyMatch(state::startsWith);
                    if (!known) {
                        assertThat(FailureTable.reaction(new SqlError(state))).isEqualTo(STOP);
                    }
                });
    }

    @Test
    @DisplayName("12.5 Property 26: every row of the table reacts as it says")
    void reactsAsTheTableSays() {
        MongoReactions.ROWS.forEach(
                row -> assertRow(row, code -> new MongoError(Integer.parseInt(code))));
        SqlReactions.ROWS.forEach(row -> assertRow(row, SqlError::new));
        RedisReactions.ROWS.forEach(row -> assertRow(row, RedisError::new));
        KafkaReactions.ROWS.forEach(row -> assertRow(row, code -> kafka(row)));
    }

    @Test
    void endsWhereCausesGoInACircle() {
        var inner = new IllegalStateException("inner");
        var outer = new IllegalStateException("outer", inner);
        inner.initCause(outer);

        assertThat(classifier.failure(outer))
                .isEqualTo(new Failure.Other(IllegalStateException.class));
    }

    @Test
    void asksTheServicesOwnRecognizersFirst() {
        var own = new Classifier(thrown -> new MongoError(286));

        assertThat(own.failure(new ConnectException())).isEqualTo(new MongoError(286));
    }

    private static void assertRow(Row row, Function<String, Failure> failure) {
        assertThat(FailureTable.reaction(failure.apply(row.code())))
                .as(row.toString())
                .isEqualTo(row.reaction());
    }

    private static Failure kafka(Row row) {
        try {
            return new KafkaError(
                    Class.forName(row.name() + "." + row.code()).asSubclass(Throwable.class));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> codes(List<Row> rows) {
        return rows.stream().map(Row::code).collect(Collectors.toSet());
    }

    private static final List<String> STATES =
            List.of("08006", "40001", "22P02", "23505", "28P01", "42P01", "99999", "57P01");

    private static Wrapped wrapped(RandomGenerator random) {
        var message = Gen.elements("deadlock detected", "password", "57P01", "").next(random);
        var state = STATES.get(random.nextInt(STATES.size()));
        Throwable thrown = new SQLException(message, state);
        for (int depth = random.nextInt(5); depth > 0; depth--) {
            thrown =
                    switch (random.nextInt(3)) {
                        case 0 -> new RuntimeException("timeout", thrown);
                        case 1 -> new ExecutionException("retry me", thrown);
                        default -> new KafkaException("authentication", thrown);
                    };
        }
        return new Wrapped(state, thrown);
    }

    private record Wrapped(String state, Throwable thrown) {}
}
