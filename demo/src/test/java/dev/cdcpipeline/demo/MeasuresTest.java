package dev.cdcpipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class MeasuresTest {

    @Test
    void countsOnWhenAServiceBeginsANewLife() {
        var counter = new Counter();
        counter.read(5);
        counter.read(8);
        counter.read(2);
        counter.read(3);

        assertThat(counter.total()).isEqualTo(11);
    }

    @Test
    void knowsPercentiles() {
        var samples = new LagSamples();
        assertThat(samples.overall()).isEqualTo(Lag.NONE);
        for (int millis = 1_000; millis > 0; millis--) {
            samples.add(millis * 1_000_000L);
        }

        assertThat(samples.overall()).isEqualTo(new Lag(1_000, 500, 990));
        assertThat(samples.recent()).isEqualTo(new Lag(500, 250, 495));
    }

    @Test
    void keepsThePaceOverTime() {
        var clock = new AtomicLong();
        var pace = new Pace(250, clock::get);
        long taken = 0;
        while (clock.get() < 10_000_000_000L) {
            int due = pace.due(100);
            pace.taken(due);
            taken += due;
            clock.addAndGet(Math.max(1_000, pace.untilNext()));
        }

        assertThat(taken).isCloseTo(2_500, within(2L));
    }

    @Test
    void hasNoPaceWhenItIsToBeFast() {
        var pace = new Pace(0, () -> 0);

        assertThat(pace.due(100)).isEqualTo(100);
        assertThat(pace.untilNext()).isZero();
    }
}
