package dev.cdcpipeline.platform.config;

import java.util.List;

/**
 * A rule about more than the form of one value, checked together with all forms. A rule that asks
 * for a value which is itself wrong or missing is passed over: that problem is known already.
 *
 * @param <T> the mapping type
 */
@FunctionalInterface
public interface Rule<T> {

    /** What is wrong by this rule; empty if nothing. */
    List<Problem> problems(T settings);
}
