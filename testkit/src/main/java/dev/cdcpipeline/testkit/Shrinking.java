package dev.cdcpipeline.testkit;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Looks for a smaller value that fails in the same way. It changes the random numbers that made the
 * value, so each try is one that the generator could have made (the idea of Hypothesis: MacIver and
 * Donaldson, "Test-Case Reduction via Test-Case Generation", 2020).
 */
final class Shrinking<T> {

    private static final int MOST_TRIES = 2_000;
    private static final long MOST_NANOS = 3_000_000_000L;

    private final Gen<T> gen;
    private final Check<? super T> check;
    private final long start = System.nanoTime();
    private int tries;
    private long[] numbers;
    private Failure<T> best;

    Shrinking(Gen<T> gen, Check<? super T> check, long[] numbers, Failure<T> found) {
        this.gen = gen;
        this.check = check;
        this.numbers = numbers;
        this.best = found;
    }

    /** The smallest failure found within a bounded time. */
    Failure<T> run() {
        boolean smaller = true;
        while (smaller && mayTry()) {
            smaller = dropSome() || zeroSome();
        }
        return best;
    }

    /** Leaves out runs of numbers, long runs first. */
    private boolean dropSome() {
        boolean smaller = false;
        for (int length = Math.max(1, numbers.length / 2); length >= 1; length /= 2) {
            for (int at = 0; at + length <= numbers.length && mayTry(); ) {
                long[] fewer = new long[numbers.length - length];
                System.arraycopy(numbers, 0, fewer, 0, at);
                System.arraycopy(numbers, at + length, fewer, at, fewer.length - at);
                if (stillFails(fewer)) {
                    smaller = true;
                } else {
                    at += length;
                }
            }
        }
        return smaller;
    }

    /** Makes numbers zero, which makes values small and choices the first. */
    private boolean zeroSome() {
        boolean smaller = false;
        for (int at = 0; at < numbers.length && mayTry(); at++) {
            if (numbers[at] != 0) {
                long[] lower = numbers.clone();
                lower[at] = 0;
                smaller |= stillFails(lower);
            }
        }
        return smaller;
    }

    private boolean mayTry() {
        return tries < MOST_TRIES && System.nanoTime() - start < MOST_NANOS;
    }

    private boolean stillFails(long[] candidate) {
        tries++;
        T value;
        try {
            value = gen.next(new Replay(candidate));
        } catch (RuntimeException e) {
            return false;
        }
        Throwable cause = failure(check, value);
        if (cause == null || cause.getClass() != best.cause().getClass()) {
            return false;
        }
        numbers = Arrays.copyOf(candidate, candidate.length);
        best = new Failure<>(value, cause);
        return true;
    }

    static <V> @Nullable Throwable failure(Check<? super V> check, V value) {
        try {
            check.check(value);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    /** A value and what the check says of it. */
    record Failure<V>(V value, Throwable cause) {}
}
