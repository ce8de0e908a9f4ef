package dev.cdcpipeline.testkit;

/**
 * What must hold for every value; it may throw anything to say that it does not.
 *
 * @param <T> the values
 */
@FunctionalInterface
public interface Check<T> {

    /** Returns when the property holds for the value, throws otherwise. */
    void check(T value) throws Throwable;
}
