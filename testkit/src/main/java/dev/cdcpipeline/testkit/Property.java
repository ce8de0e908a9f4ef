package dev.cdcpipeline.testkit;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Checks a property for many generated values. A failure names the case, its seed, the value, and a
 * smaller value that fails too if one was found; {@code -Dproperty.seed=<seed>} makes that case the
 * first one again. {@code -Dproperty.cases=<n>} sets how many cases there are.
 */
public final class Property {

    /** Cases of a property that does not say how many. */
    public static final int DEFAULT_CASES = 100;

    private static final int LONGEST_TEXT = 4_000;

    private Property() {}

    /** Checks {@link #DEFAULT_CASES} values. */
    public static <T> void forAll(Gen<T> gen, Check<? super T> check) {
        forAll(DEFAULT_CASES, gen, check);
    }

    /**
     * Checks so many values.
     *
     * @throws AssertionError for the first value for which the check throws
     */
    public static <T> void forAll(int cases, Gen<T> gen, Check<? super T> check) {
        long first = Long.getLong("property.seed", System.nanoTime());
        int count = Integer.getInteger("property.cases", cases);
        for (int i = 0; i < count; i++) {
            checkCase(i + 1, first + i, gen, check);
        }
    }

    private static <T> void checkCase(int number, long seed, Gen<T> gen, Check<? super T> check) {
        Choices choices = new Choices(random(seed));
        T value = gen.next(choices);
        Throwable cause = Shrinking.failure(check, value);
        if (cause == null) {
            return;
        }
        Shrinking.Failure<T> found = new Shrinking.Failure<>(value, cause);
        Shrinking.Failure<T> least = new Shrinking<>(gen, check, choices.noted(), found).run();
        AssertionError error =
                new AssertionError(
                        "Case %d fails; replay it with -Dproperty.seed=%d%n  value:   %s%n  smaller: %s%n  because: %s"
                                .formatted(
                                        number,
                                        seed,
                                        text(value),
                                        text(least.value()),
                                        least.cause()),
                        cause);
        if (!least.cause().equals(cause)) {
            error.addSuppressed(least.cause());
        }
        throw error;
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static String text(@Nullable Object value) {
        String text =
                value instanceof byte[] bytes
                        ? HexFormat.of().formatHex(bytes)
                        : String.valueOf(value);
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, LONGEST_TEXT) + "... (" + text.length() + " characters)";
    }
}
