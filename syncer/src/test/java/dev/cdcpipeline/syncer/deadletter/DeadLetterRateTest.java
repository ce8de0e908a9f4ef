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
                            rate.applied(1);
                            continue;
                        }
                        List<Integer> last = dice.subList(Math.max(0, i - 19), i + 1);
                        long bad = last.stream().filter(each -> each == 0).count();
                        if (bad > 5) {
                            assertThatThrownBy(() -> rate.bad(1))
                                    .isInstanceOf(TooManyDeadLettersException.class)
                                    .hasMessageContaining("max-share");
                            return;
                        }
                        rate.bad(1);
                    }
                    assertThat(dice).isNotNull();
                });
    }
}
