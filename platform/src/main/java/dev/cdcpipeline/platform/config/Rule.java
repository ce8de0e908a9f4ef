package dev.cdcpipeline.platform.config;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A rule about more than the form of one value, checked together with all forms. A rule that reads
 * a value which is itself wrong or missing is passed over: that problem is known already.
 *
 * @param <T> the settings record
 * @param check what is wrong by this rule; empty if nothing
 * @param reads the keys of all options that it reads, or of groups of them; any of these may be
 *     null or 0 in the settings of a rule that does not name it
 */
public record Rule<T>(Function<T, List<Problem>> check, Set<String> reads) {

    public Rule {
        reads = Set.copyOf(reads);
    }

    /** A rule by the keys that it reads. */
    public static <T> Rule<T> of(Function<T, List<Problem>> check, String... reads) {
        return new Rule<>(check, Set.of(reads));
    }

    /** What is wrong by this rule; empty if nothing. */
    public List<Problem> problems(T settings) {
        return check.apply(settings);
    }

    boolean readsAnyOf(Set<String> keys) {
        return keys.stream()
                .anyMatch(
                        key ->
                                reads.stream()
                                        .anyMatch(
                                                read ->
                                                        key.equals(read)
                                                                || key.startsWith(read + ".")));
    }
}
