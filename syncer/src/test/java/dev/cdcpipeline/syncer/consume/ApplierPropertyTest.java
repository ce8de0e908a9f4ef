package dev.cdcpipeline.syncer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.syncer.plan.BadRecord;
import dev.cdcpipeline.syncer.plan.RecordId;
import dev.cdcpipeline.syncer.support.ModelStore;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

class ApplierPropertyTest {

    @Test
    @DisplayName(
            "4.4, I6, Property 10: the bad records of a batch, and no others, become letters, in"
                    + " few writes for each; all others are written, each document's in order")
    void theBadRecordsOfABatchBecomeLetters() {
        Property.forAll(500, MixedBatch::generate, ApplierPropertyTest::check);
    }

    private static void check(MixedBatch mixed) throws Exception {
        var store = new RefusingStore(new ModelStore(mixed.ids()));
        var letters = new ArrayList<BadRecord>();
        Batch batch = mixed.batch();

        Appliers.applier(store, letters::addAll, new Inbox()).apply(batch);

        assertThat(store.values()).isEqualTo(mixed.rows());
        List<RecordId> ids = letters.stream().map(each -> RecordId.of(each.record())).toList();
        assertThat(ids)
                .doesNotHaveDuplicates()
                .isSubsetOf(mixed.bad())
                .containsAll(mixed.badForSure());
        assertThat(batch.records().keySet())
                .allMatch(claim -> claim.progress().nextOffset() == mixed.end(claim.partition()));

        // Each that the store refuses is in a half once a halving, beside another half, and then
        // left out; what is malformed costs no write.
        long refused =
                letters.stream().filter(each -> each.cause() instanceof SQLException).count();
        int halvings = 32 - Integer.numberOfLeadingZeros(Math.max(0, batch.size() - 1));
        assertThat(store.writes()).isLessThanOrEqualTo(1 + refused * (2 * halvings + 1));
        assertThat(letters).allMatch(letter -> letter.attempt() <= 1 + halvings);
    }
}
