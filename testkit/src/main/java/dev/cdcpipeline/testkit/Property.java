package dev.cdcpipeline.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Checks a property for many generated values. A failure names the case, its seed and the value,
 * shrunk where that is cheap; {@code -Dproperty.seed=<seed>} makes that case the first one again.
 * {@code -Dproperty.cases=<n>} sets how many cases there are.
 */
public final class Property {

    /** Cases of a property that does not say how many. */
    public static final int DEFAULT_CASES = 100;

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
            long seed = first + i;
            T value = gen.next(random(seed));
            try {
                check.check(value);
            } catch (Throwable e) {
                throw new AssertionError(
                        "Case "
                                + (i + 1)
                                + " of "
                                + count
                                + " (-Dproperty.seed="
                                + seed
                                + ") fails for "
                                + value,
                        e);
            }
        }
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
