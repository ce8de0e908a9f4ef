package dev.cdcpipeline.postgresql;

import static dev.cdcpipeline.platform.failure.Reaction.DEAD_LETTER;
import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.stream.Stream;

class PostgresErrorsTest {
    private final PostgresErrors errors = new PostgresErrors();
    private final Classifier classifier = new Classifier(errors);

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
    void classifiesByState(String state, Reaction reaction) {
        assertThat(classifier.reaction(new SQLException("x", state))).isEqualTo(reaction);
        assertThat(PostgresErrors.reaction(state)).isEqualTo(reaction);
    }

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("12.5 Property 26: exceptions of JDBC and of the pool are classified by type")
    void classifiesExceptions(Throwable thrown, Reaction reaction) {
        assertThat(classifier.reaction(thrown)).isEqualTo(reaction);
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new SQLException("x", "40001"), RETRY),
                Arguments.of(new SQLTransientConnectionException("pool exhausted"), RETRY),
                Arguments.of(batch(), DEAD_LETTER));
    }

    private static BatchUpdateException batch() {
        var batch = new BatchUpdateException("Batch entry 0", "", new int[0]);
        batch.setNextException(new SQLException("x", "22P02"));
        return batch;
    }

    @Test
    @DisplayName(
            "12.5 Property 26: every row of the catalogue reacts as it says; other states stop")
    void reactsAsTheCatalogueSays() {
        assertThat(errors.entries())
                .allSatisfy(
                        row ->
                                assertThat(classifier.failure(new SQLException("x", row.code())))
                                        .isEqualTo(
                                                new Failure.ServerError(
                                                        "PostgreSQL", row.code(), row.reaction())));
        Property.forAll(
                500,
                Gen.words(5).map(word -> word.toUpperCase(Locale.ROOT)),
                state -> {
                    if (errors.entries().stream().noneMatch(row -> state.startsWith(row.code()))) {
                        assertThat(PostgresErrors.reaction(state)).isEqualTo(STOP);
                    }
                });
    }

    @Test
    @DisplayName("7.4: what fewer records may pass is marked in the catalogue, and is tried again")
    void marksWhatFewerRecordsMayPass() {
        assertThat(errors.entries().stream().filter(ErrorEntry::passesWithFewerRecords))
                .allSatisfy(row -> assertThat(row.reaction()).isEqualTo(RETRY))
                .extracting(ErrorEntry::code)
                .containsExactlyInAnyOrder("53200", "53400", "57014", "25P04");
        assertThat(PostgresErrors.passesWithFewerRecords(new SQLException("x", "57014"))).isTrue();
        assertThat(PostgresErrors.passesWithFewerRecords(new SQLException("x", "57P01"))).isFalse();
        assertThat(PostgresErrors.passesWithFewerRecords(new SQLException("x"))).isFalse();
    }
}
