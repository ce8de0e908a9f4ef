package dev.cdcpipeline.syncer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

class DeadLetterRateTest {

    @Test
    @DisplayName("I6: it stops exactly when more than the share of the last records are bad")
    void stopsExactlyWhenTheShareIsExceeded() {
        Property.forAll(
                500,
                Gen.ints(0, 9).list(0, 300),
                dice -> {
                    var rate = new DeadLetterRate(20, 0.25);
                    for (int i = 0; i < dice.size(); i++) {
                        if (dice.get(i) != 0) {
                            rate.done(1, 0);
                            continue;
                        }
                        List<Integer> last = dice.subList(Math.max(0, i - 19), i + 1);
                        long bad = last.stream().filter(each -> each == 0).count();
                        if (bad > 5) {
                            assertThatThrownBy(() -> rate.check(1, 1))
                                    .isInstanceOf(TooManyDeadLettersException.class)
                                    .hasMessageContaining("max-share");
                            return;
                        }
                        rate.check(1, 1);
                        rate.done(1, 1);
                    }
                    assertThat(dice).isNotNull();
                });
    }

    @Test
    @DisplayName("I6: the share is the same however the records are cut into batches")
    void theShareDoesNotDependOnTheBatches() {
        var rate = new DeadLetterRate(1_000, 0.1);
        rate.check(8_000, 800);
        rate.done(8_000, 800);
        assertThatThrownBy(() -> rate.check(8_000, 801))
                .isInstanceOf(TooManyDeadLettersException.class)
                .hasMessageContaining("801 of the last 8000 records");
    }

    @Test
    @DisplayName("I6: after a start it allows a few, and then the share of the records so far")
    void aStartAllowsAFew() {
        var rate = new DeadLetterRate(1_000, 0.1);
        rate.check(10, 10);
        rate.done(10, 10);
        assertThatThrownBy(() -> rate.check(90, 1)).isInstanceOf(TooManyDeadLettersException.class);
        rate.done(100, 0);
        rate.check(1, 1);

        assertThatThrownBy(() -> new DeadLetterRate(1_000, 0).check(1_000, 1))
                .isInstanceOf(TooManyDeadLettersException.class);
        new DeadLetterRate(10, 1).check(100, 100);
    }
}
