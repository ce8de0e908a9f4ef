package dev.cdcpipeline.testkit;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Makes values at random: the same random numbers make the same value.
 *
 * @param <T> the values
 */
@FunctionalInterface
public interface Gen<T extends @Nullable Object> {

    /** The next value. */
    T next(RandomGenerator random);

    /** These values, changed by the function. */
    default <R extends @Nullable Object> Gen<R> map(Function<? super T, ? extends R> function) {
        return random -> function.apply(next(random));
    }

    /** Values of the generator that the function chooses for a value of this one. */
    default <R extends @Nullable Object> Gen<R> flatMap(
            Function<? super T, ? extends Gen<R>> function) {
        return random -> function.apply(next(random)).next(random);
    }

    /** Lists of at least {@code min} and at most {@code max} of these values. */
    default Gen<List<T>> list(int min, int max) {
        return random -> {
            List<T> list = new ArrayList<>();
            while (goesOn(random, list.size(), min, max)) {
                list.add(next(random));
            }
            return list;
        };
    }

    /**
     * Shall one more follow after so many? A question for each, rather than a size drawn first,
     * makes shrinking easy.
     */
    private static boolean goesOn(RandomGenerator random, int size, int min, int max) {
        return size < min || (size < max && random.nextInt((max - min) / 2 + 2) != 0);
    }

    /** Always this value. */
    static <T extends @Nullable Object> Gen<T> constant(T value) {
        return random -> value;
    }

    /** One of these values, all as likely. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T extends @Nullable Object> Gen<T> elements(T... values) {
        List<T> all = new ArrayList<>(List.of(values));
        return random -> all.get(random.nextInt(all.size()));
    }

    /** A value of one of the generators, all as likely. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T extends @Nullable Object> Gen<T> oneOf(Gen<? extends T>... choices) {
        List<Gen<? extends T>> all = List.of(choices);
        return random -> all.get(random.nextInt(all.size())).next(random);
    }

    /** A value of one of the choices, as likely as its weight says. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T extends @Nullable Object> Gen<T> frequency(Weighted<? extends T>... choices) {
        List<Weighted<? extends T>> all = List.of(choices);
        int total = all.stream().mapToInt(Weighted::weight).sum();
        return random -> {
            int pick = random.nextInt(total);
            for (Weighted<? extends T> choice : all) {
                pick -= choice.weight();
                if (pick < 0) {
                    return choice.gen().next(random);
                }
            }
            throw new AssertionError("The weights do not add up.");
        };
    }

    /** A choice of {@link #frequency}. */
    static <T extends @Nullable Object> Weighted<T> weighted(int weight, Gen<T> gen) {
        return new Weighted<>(weight, gen);
    }

    /** True or false. */
    static Gen<Boolean> booleans() {
        return RandomGenerator::nextBoolean;
    }

    /** Integers from {@code min} to {@code max}, both included; the bounds more often. */
    static Gen<Integer> ints(int min, int max) {
        return longs(min, max).map(Math::toIntExact);
    }

    /** All integers, small ones and extremes more often. */
    static Gen<Integer> ints() {
        return frequency(
                weighted(2, ints(-10, 10)),
                weighted(1, elements(Integer.MIN_VALUE, Integer.MAX_VALUE)),
                weighted(3, RandomGenerator::nextInt));
    }

    /** Integers from {@code min} to {@code max}, both included; the bounds more often. */
    static Gen<Long> longs(long min, long max) {
        return random ->
                switch (random.nextInt(12)) {
                    case 0 -> min;
                    case 1 -> max;
                    default ->
                            max == Long.MAX_VALUE
                                    ? (min == Long.MIN_VALUE
                                            ? random.nextLong()
                                            : random.nextLong(min - 1, max) + 1)
                                    : random.nextLong(min, max + 1);
                };
    }

    /** All integers of 64 bits: of all magnitudes, extremes more often. */
    static Gen<Long> longs() {
        return frequency(
                weighted(2, longs(-10, 10)),
                weighted(
                        2,
                        elements(
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                (long) Integer.MIN_VALUE,
                                (long) Integer.MAX_VALUE,
                                Integer.MIN_VALUE - 1L,
                                Integer.MAX_VALUE + 1L)),
                weighted(4, random -> random.nextLong() >> random.nextInt(64)));
    }

    /** All doubles: extremes, NaN, infinities, both zeros, short decimals, any bits. */
    static Gen<Double> doubles() {
        return frequency(
                weighted(
                        2,
                        elements(
                                0.0,
                                -0.0,
                                1.0,
                                Double.NaN,
                                Double.POSITIVE_INFINITY,
                                Double.NEGATIVE_INFINITY,
                                Double.MIN_VALUE,
                                Double.MAX_VALUE,
                                Double.MIN_NORMAL)),
                weighted(2, longs().map(value -> (double) value)),
                weighted(2, ints().map(value -> value / 100.0)),
                weighted(
                        3,
                        random -> {
                            double any = Double.longBitsToDouble(random.nextLong());
                            return Double.isNaN(any) ? Double.NaN : any;
                        }));
    }

    /** Strings of at most {@code max} characters, ASCII, accented, CJK, astral, controls, NUL. */
    static Gen<String> strings(int max) {
        Gen<Integer> points = Strings.codePoints();
        return random -> {
            StringBuilder text = new StringBuilder();
            for (int size = 0; goesOn(random, size, 0, max); size++) {
                text.appendCodePoint(points.next(random));
            }
            return text.toString();
        };
    }

    /** Lower-case words of 1 to {@code max} letters. */
    static Gen<String> words(int max) {
        return random -> {
            StringBuilder text = new StringBuilder();
            int size = random.nextInt(1, max + 1);
            for (int i = 0; i < size; i++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            return text.toString();
        };
    }

    /** Arrays of {@code min} to {@code max} bytes. */
    static Gen<byte[]> bytes(int min, int max) {
        Gen<Integer> sizes = ints(min, max);
        return random -> {
            byte[] bytes = new byte[sizes.next(random)];
            random.nextBytes(bytes);
            return bytes;
        };
    }

    /**
     * A generator and how likely it is.
     *
     * @param weight its share, at least 1
     */
    record Weighted<T extends @Nullable Object>(int weight, Gen<T> gen) {}
}
