package dev.cdcpipeline.platform.failure;

import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

class ClassifierTest {
    private final Classifier classifier = new Classifier();

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("12.5 Property 26: exceptions of the JDK are classified by type")
    void classifiesExceptions(Throwable thrown, Reaction reaction) {
        assertThat(classifier.reaction(thrown)).isEqualTo(reaction);
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new SocketTimeoutException(), RETRY),
                Arguments.of(new UnknownHostException("h"), RETRY),
                Arguments.of(new EOFException(), RETRY),
                Arguments.of(new IOException("broken pipe"), RETRY),
                Arguments.of(new IOException(new IllegalStateException()), STOP),
                Arguments.of(new IOException(new SSLHandshakeException("no")), STOP),
                Arguments.of(new AccessDeniedException("f"), RETRY),
                Arguments.of(new TimeoutException(), RETRY),
                Arguments.of(new InterruptedException(), STOP),
                Arguments.of(new IllegalStateException("x"), STOP),
                Arguments.of(new OutOfMemoryError(), STOP));
    }

    @Test
    @DisplayName("12.5 Property 26: neither the message nor what wraps it changes the reaction")
    void looksAtTypesAndNeverAtMessages() {
        var known = new Classifier(ClassifierTest::recognize);
        Property.forAll(
                500,
                ClassifierTest::wrapped,
                wrapped -> assertThat(known.reaction(wrapped.thrown)).isEqualTo(wrapped.reaction));
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
    void asksTheCataloguesFirst() {
        var error = new Failure.ServerError("Server", "1", STOP);
        var own = new Classifier(thrown -> error);

        assertThat(own.failure(new ConnectException())).isEqualTo(error);
    }

    /** An exception that carries its reaction, as an error code does. */
    private static final class Coded extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Reaction reaction;

        private Coded(String message, Reaction reaction) {
            super(message);
            this.reaction = reaction;
        }
    }

    private static @Nullable Failure recognize(Throwable thrown) {
        return thrown instanceof Coded coded
                ? new Failure.ServerError("Server", "1", coded.reaction)
                : null;
    }

    private static Wrapped wrapped(RandomGenerator random) {
        var message = Gen.elements("deadlock detected", "password", "57P01", "").next(random);
        var reaction = Gen.elements(Reaction.values()).next(random);
        Throwable thrown = new Coded(message, reaction);
        for (int depth = random.nextInt(5); depth > 0; depth--) {
            thrown =
                    switch (random.nextInt(3)) {
                        case 0 -> new RuntimeException("timeout", thrown);
                        case 1 -> new ExecutionException("retry me", thrown);
                        default -> new IOException("authentication", thrown);
                    };
        }
        return new Wrapped(reaction, thrown);
    }

    private record Wrapped(Reaction reaction, Throwable thrown) {}
}
