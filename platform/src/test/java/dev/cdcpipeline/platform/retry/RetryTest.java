package dev.cdcpipeline.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.platform.config.RetrySettings;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

class RetryTest {
    private static final RetrySettings FOREVER =
            new RetrySettings(Duration.ofMillis(100), Duration.ofSeconds(30), 2, 0.2, 0);

    private final List<Duration> waits = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();

    @Test
    @DisplayName(
            "12.1 Property 24: waits grow exponentially within the jitter, never above the cap")
    void waitsGrowWithinJitterAndCap() {
        Property.forAll(
                500,
                RetryTest::plan,
                plan -> {
                    waits.clear();
                    var calls = new AtomicInteger();
                    retry(plan.backoff, plan.seed).run("it", () -> failFirst(calls, plan.failures));

                    assertThat(calls).hasValue(plan.failures + 1);
                    assertThat(waits).hasSize(plan.failures);
                    for (int i = 0; i < waits.size(); i++) {
                        assertWait(plan.backoff, i, waits.get(i));
                    }
                });
    }

    @Test
    @DisplayName(
            "12.2 Property 25: it tries exactly as often as allowed, and throws the last failure")
    void triesExactlyAsOftenAsAllowed() {
        Property.forAll(
                300,
                Gen.ints(1, 60),
                attempts -> {
                    waits.clear();
                    var calls = new AtomicInteger();
                    var backoff =
                            new RetrySettings(
                                    Duration.ofMillis(1), Duration.ofSeconds(1), 2, 0, attempts);

                    assertThatThrownBy(
                                    () -> retry(backoff, 1).run("it", () -> failFirst(calls, 1000)))
                            .isInstanceOf(IOException.class)
                            .hasMessage("failure " + attempts);
                    assertThat(calls).hasValue(attempts);
                    assertThat(waits).hasSize(attempts - 1);
                });
    }

    @Test
    @DisplayName("12.2 Property 25: with no maximum it does not give up")
    void neverGivesUpWithoutAMaximum() throws Exception {
        var calls = new AtomicInteger();

        retry(FOREVER, 1).run("it", () -> failFirst(calls, 5_000));

        assertThat(calls).hasValue(5_001);
        assertThat(waits)
                .last()
                .satisfies(wait -> assertThat(wait).isLessThanOrEqualTo(FOREVER.max()));
    }

    @Test
    @DisplayName("12.5 What is not to be retried is thrown at once, as it is")
    void throwsAtOnceWhatIsNotToBeRetried() {
        for (var reaction : List.of(Reaction.STOP, Reaction.DEAD_LETTER)) {
            var failure = new IOException("no use");
            var retry =
                    new Retry(
                            FOREVER,
                            thrown -> reaction,
                            this::hear,
                            waits::add,
                            RandomGenerator.getDefault());

            assertThatThrownBy(
                            () ->
                                    retry.run(
                                            "it",
                                            () -> {
                                                throw failure;
                                            }))
                    .isSameAs(failure);
        }
        assertThat(waits).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    @DisplayName(
            "12.1 Every attempt that will be repeated is reported once, with its number and wait")
    void reportsEachAttempt() throws Exception {
        var backoff = new RetrySettings(Duration.ofMillis(10), Duration.ofMillis(25), 2, 0, 0);
        var calls = new AtomicInteger();

        var result =
                retry(backoff, 1)
                        .call(
                                "saving",
                                () -> {
                                    failFirst(calls, 3);
                                    return "saved";
                                });

        assertThat(result).isEqualTo("saved");
        assertThat(heard)
                .containsExactly(
                        "saving 1 failure 1 PT0.01S",
                        "saving 2 failure 2 PT0.02S",
                        "saving 3 failure 3 PT0.025S");
    }

    @Test
    void startsAnewForEachCall() throws Exception {
        var retry =
                retry(new RetrySettings(Duration.ofMillis(10), Duration.ofSeconds(1), 2, 0, 3), 1);

        retry.run("first", failing(2));
        retry.run("second", failing(2));

        assertThat(waits).extracting(Duration::toMillis).containsExactly(10L, 20L, 10L, 20L);
    }

    @Test
    @Timeout(60)
    @DisplayName("12.1 A wait ends at once when the thread is interrupted")
    void endsAtOnceWhenInterrupted() throws Exception {
        var waiting = new CountDownLatch(1);
        var thrown = new AtomicReference<@Nullable Throwable>();
        var retry =
                new Retry(
                        new RetrySettings(Duration.ofHours(1), Duration.ofHours(1), 1, 0, 0),
                        failure -> Reaction.RETRY,
                        (what, attempt, cause, wait) -> waiting.countDown());
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        retry.run("it", failing(1));
                                    } catch (Exception e) {
                                        thrown.set(e);
                                    }
                                });
        waiting.await();

        thread.interrupt();
        thread.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anErrorIsNotRetried() {
        assertThatThrownBy(
                        () ->
                                retry(FOREVER, 1)
                                        .run(
                                                "it",
                                                () -> {
                                                    throw new AssertionError("a bug");
                                                }))
                .isInstanceOf(AssertionError.class);
        assertThat(waits).isEmpty();
    }

    @Test
    @DisplayName("14.2 What works again after failures is reported once, what works at once is not")
    void reportsThatItWorksAgain() throws Exception {
        var listener =
                new RetryListener() {
                    @Override
                    public void waiting(String what, int attempt, Throwable cause, Duration wait) {}

                    @Override
                    public void recovered(String what, int attempt) {
                        heard.add(what + " " + attempt);
                    }
                };
        var retry =
                new Retry(
                        FOREVER,
                        thrown -> Reaction.RETRY,
                        listener,
                        waits::add,
                        RandomGenerator.getDefault());

        retry.run("at once", failing(0));
        retry.run("later", failing(2));

        assertThat(heard).containsExactly("later 3");
    }

    private static void assertWait(RetrySettings backoff, int failure, Duration wait) {
        double cap = backoff.max().toMillis();
        double exact =
                Math.min(
                        backoff.initial().toMillis() * Math.pow(backoff.multiplier(), failure),
                        cap);
        double spread = exact * backoff.jitter();
        assertThat(wait).isLessThanOrEqualTo(backoff.max());
        assertThat((double) wait.toMillis())
                .isBetween(Math.max(1, Math.floor(exact - spread)), Math.max(1, exact + spread));
    }

    private Retry retry(RetrySettings backoff, long seed) {
        return new Retry(
                backoff,
                failure -> Reaction.RETRY,
                this::hear,
                waits::add,
                RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    }

    private void hear(String what, int attempt, Throwable cause, Duration wait) {
        heard.add(what + " " + attempt + " " + cause.getMessage() + " " + wait);
    }

    private static Retry.Action failing(int times) {
        var calls = new AtomicInteger();
        return () -> failFirst(calls, times);
    }

    private static void failFirst(AtomicInteger calls, int times) throws IOException {
        int call = calls.incrementAndGet();
        if (call <= times) {
            throw new IOException("failure " + call);
        }
    }

    private static Plan plan(RandomGenerator random) {
        long initial = random.nextLong(1, 10_000);
        return new Plan(
                new RetrySettings(
                        Duration.ofMillis(initial),
                        Duration.ofMillis(initial + random.nextLong(0, 100_000)),
                        random.nextDouble(1, 10),
                        random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble(),
                        0),
                random.nextInt(0, random.nextInt(8) == 0 ? 2000 : 30),
                random.nextLong());
    }

    private record Plan(RetrySettings backoff, int failures, long seed) {}
}
