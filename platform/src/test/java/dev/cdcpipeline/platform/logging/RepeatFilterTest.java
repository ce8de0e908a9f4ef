package dev.cdcpipeline.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

class RepeatFilterTest {
    private final RepeatFilter filter = new RepeatFilter();

    @Test
    @DisplayName(
            "10.1 Of what repeats itself a few records pass, and the next one counts the others")
    void limitsWhatRepeatsItself() {
        assertThat(passing(25, 0)).isEqualTo(RepeatFilter.BURST);

        var next = event("logger", "again {}", Level.WARN, RepeatFilter.PERIOD.toMillis());

        assertThat(filter.decide(next)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(next.getKeyValuePairs())
                .singleElement()
                .satisfies(
                        pair -> {
                            assertThat(pair.key).isEqualTo("suppressed");
                            assertThat(pair.value).isEqualTo(15L);
                        });
    }

    @Test
    @DisplayName("10.1 An error always passes, and so does another pattern")
    void letsErrorsAndOthersPass() {
        assertThat(passing(100, 0)).isEqualTo(RepeatFilter.BURST);

        assertThat(filter.decide(event("logger", "another", Level.WARN, 1)))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(filter.decide(event("other", "again {}", Level.WARN, 1)))
                .isEqualTo(FilterReply.NEUTRAL);
        for (int i = 0; i < 100; i++) {
            assertThat(filter.decide(event("logger", "again {}", Level.ERROR, 1)))
                    .isEqualTo(FilterReply.NEUTRAL);
        }
    }

    @Test
    @DisplayName("10.1 Property 21: every record passes, or is counted by one that passes")
    void countsWhatItSuppresses() {
        Property.forAll(
                Gen.ints(1, 60).list(1, 10),
                bursts -> {
                    var fresh = new RepeatFilter();
                    long counted = 0;
                    for (int period = 0; period < bursts.size(); period++) {
                        long start = period * RepeatFilter.PERIOD.toMillis();
                        counted += counted(fresh, bursts.get(period), start);
                    }
                    // What the last period suppressed is not said yet.
                    int silent = Math.max(0, bursts.getLast() - RepeatFilter.BURST);
                    assertThat(counted + silent)
                            .isEqualTo(bursts.stream().mapToInt(Integer::intValue).sum());
                });
    }

    private static long counted(RepeatFilter filter, int records, long start) {
        long counted = 0;
        for (int i = 0; i < records; i++) {
            var event = event("logger", "again {}", Level.INFO, start + i);
            if (filter.decide(event) == FilterReply.NEUTRAL) {
                var pairs = event.getKeyValuePairs();
                counted += 1 + (pairs == null ? 0 : (Long) pairs.getFirst().value);
            }
        }
        return counted;
    }

    private long passing(int records, long at) {
        List<FilterReply> replies =
                IntStream.range(0, records)
                        .mapToObj(i -> filter.decide(event("logger", "again {}", Level.WARN, at)))
                        .toList();
        return replies.stream().filter(FilterReply.NEUTRAL::equals).count();
    }

    private static LoggingEvent event(String logger, String message, Level level, long millis) {
        var event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setMessage(message);
        event.setLevel(level);
        event.setInstant(Instant.ofEpochMilli(millis));
        return event;
    }
}
