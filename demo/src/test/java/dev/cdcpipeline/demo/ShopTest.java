package dev.cdcpipeline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;

import dev.cdcpipeline.demo.ShopWrite.Kind;

import org.bson.Document;
import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class ShopTest {

    private static final int WRITES = 3_000;

    @Test
    void makesTheSameWritesOfTheSameSeed() {
        assertThat(described(7, 0)).isEqualTo(described(7, 0));
    }

    @Test
    void makesOtherWritesOfAnotherSeedOrBranch() {
        assertThat(described(7, 0)).isNotEqualTo(described(8, 0)).isNotEqualTo(described(7, 1));
    }

    @Test
    void branchesShareNoDocuments() {
        List<String> first = writes(7, 0).stream().map(ShopWrite::rowKey).toList();

        assertThat(writes(7, 1)).extracting(ShopWrite::rowKey).doesNotContainAnyElementsOf(first);
    }

    @Test
    void everyWriteFitsWhatWasWrittenBefore() {
        Map<String, Integer> revisions = new HashMap<>();
        for (ShopWrite write : writes(3, 0)) {
            Integer before = revisions.get(write.rowKey());
            switch (write.kind()) {
                case INSERT -> assertThat(before).isNull();
                case UPDATE, REPLACE -> assertThat(write.revision() - 1).isEqualTo(before);
                case DELETE -> assertThat(write.revision()).isEqualTo(before);
            }
            if (write.kind() == Kind.DELETE) {
                revisions.remove(write.rowKey());
            } else {
                revisions.put(write.rowKey(), write.revision());
            }
        }
    }

    @Test
    void everyUpdateChangesItsDocument() {
        for (ShopWrite write : writes(3, 0)) {
            if (write.model() instanceof UpdateOneModel<Document> update) {
                assertThat(String.valueOf(update.getUpdate())).contains("revision=1");
            }
        }
    }

    @Test
    void mixesAllKindsOfWrites() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        writes(1, 0).forEach(write -> counts.merge(write.kind(), 1, Integer::sum));

        assertThat(counts.get(Kind.INSERT)).isBetween(WRITES / 4, WRITES / 2);
        assertThat(counts.get(Kind.UPDATE)).isBetween(WRITES / 3, WRITES * 2 / 3);
        assertThat(counts.get(Kind.REPLACE)).isGreaterThan(WRITES / 50);
        assertThat(counts.get(Kind.DELETE)).isGreaterThan(WRITES / 50);
    }

    private static List<ShopWrite> writes(long seed, int branch) {
        var shop = new Shop(seed, branch);
        return IntStream.range(0, WRITES).mapToObj(each -> shop.next()).toList();
    }

    private static List<String> described(long seed, int branch) {
        return writes(seed, branch).stream()
                .map(
                        write ->
                                write.kind()
                                        + write.rowKey()
                                        + write.revision()
                                        + content(write.model()))
                .toList();
    }

    private static String content(WriteModel<Document> model) {
        return switch (model) {
            case InsertOneModel<Document> insert -> insert.getDocument().toJson();
            case ReplaceOneModel<Document> replace -> replace.getReplacement().toJson();
            case UpdateOneModel<Document> update -> String.valueOf(update.getUpdate());
            default -> "";
        };
    }
}
