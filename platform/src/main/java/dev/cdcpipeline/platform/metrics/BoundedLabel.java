package dev.cdcpipeline.platform.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps a label of our own meters to the first values that come; those that come later share one,
 * {@code other}, so that sums stay right. Thread-safe.
 */
final class BoundedLabel implements MeterFilter {
    /** What stands for all values beyond the bound. */
    static final String OTHER = "other";

    private final String label;
    private final FirstComers values;

    BoundedLabel(String label, int most) {
        this.label = label;
        this.values = new FirstComers(most);
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        String value = id.getTag(label);
        if (value == null || !id.getName().startsWith("cdc.") || values.admit(value)) {
            return id;
        }
        List<Tag> tags = id.getTags();
        return id.replaceTags(
                tags.stream()
                        .map(tag -> tag.getKey().equals(label) ? Tag.of(label, OTHER) : tag)
                        .toList());
    }

    /** The first so many values of something. */
    static final class FirstComers {
        private final int most;
        private final Set<String> values = new HashSet<>();

        FirstComers(int most) {
            this.most = most;
        }

        /** Whether this is one of them. */
        synchronized boolean admit(String value) {
            return values.contains(value) || (values.size() < most && values.add(value));
        }
    }
}
