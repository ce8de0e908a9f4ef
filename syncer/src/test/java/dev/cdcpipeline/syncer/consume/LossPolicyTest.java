package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.syncer.consume.LossPolicy.OnLoss;
import dev.cdcpipeline.syncer.plan.PartitionId;
import dev.cdcpipeline.syncer.plan.Progress;
import dev.cdcpipeline.syncer.write.TopicIdentity;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.UUID;

/** Kafka has the offsets 10 to 19. */
class LossPolicyTest {
    private static final UUID TOPIC = UUID.randomUUID();
    private static final PartitionId PARTITION = new PartitionId(TOPIC, "topic", 0);
    private static final TopicCatalog.Extent EXTENT =
            new TopicCatalog.Extent(new TopicIdentity(TOPIC, "topic", 1), PARTITION, 10, 20);

    private static LossPolicy policy(OnLoss policy) {
        return new LossPolicy(policy, policy, policy, policy);
    }

    private static @Nullable LogTruncation truncation(@Nullable Long at) {
        return at == null ? null : new LogTruncation(at);
    }

    @ParameterizedTest
    @CsvSource({"10,", "15,", "20,", "15, 15", "14, 15"})
    @DisplayName("I5: what Kafka still has, and was not cut off, is no loss")
    void fits(long ledger, @Nullable Long divergentOffset) {
        var known = new Progress(PARTITION, ledger, null);
        assertThat(LossPolicy.fit(EXTENT, known, truncation(divergentOffset))).isTrue();
        assertThat(LossPolicy.fit(EXTENT, known, new LogTruncation(null))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "9, , 10", // the next record is gone
        "21, , 10", // applied, but lost: nothing tells from where on
        "16, 15, 15", // lost from 15 on; what is before was applied
        "21, 15, 15",
        "16, 5, 10" // lost from 5 on, and what is before 10 is too old
    })
    @DisplayName("I5: where it goes on after a loss that is accepted")
    void goesOn(long ledger, @Nullable Long divergentOffset, long start) {
        var known = new Progress(PARTITION, ledger, null);
        assertThat(LossPolicy.fit(EXTENT, known, truncation(divergentOffset))).isFalse();
        assertThat(
                        policy(OnLoss.CONTINUE)
                                .acceptedStart(EXTENT, known, truncation(divergentOffset)))
                .isEqualTo(start);
        assertThatThrownBy(
                        () ->
                                policy(OnLoss.FAIL)
                                        .acceptedStart(EXTENT, known, truncation(divergentOffset)))
                .isInstanceOf(DataLossException.class);
    }

    @Test
    @DisplayName("I5: each kind of loss is accepted on its own")
    void eachKindIsAcceptedOnItsOwn() {
        var behind = new Progress(PARTITION, 9, null);
        var ahead = new Progress(PARTITION, 21, null);
        var onlyGone = new LossPolicy(OnLoss.CONTINUE, OnLoss.FAIL, OnLoss.FAIL, OnLoss.FAIL);
        assertThat(onlyGone.acceptedStart(EXTENT, behind, null)).isEqualTo(10);
        assertThatThrownBy(() -> onlyGone.acceptedStart(EXTENT, ahead, null))
                .hasMessageContaining("log ends at 20");
        assertThatThrownBy(() -> onlyGone.acceptedStart(EXTENT, ahead, new LogTruncation(15L)))
                .hasMessageContaining("lost its log from offset 15 on");
    }
}
