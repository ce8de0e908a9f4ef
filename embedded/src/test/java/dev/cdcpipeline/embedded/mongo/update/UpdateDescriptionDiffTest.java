package dev.cdcpipeline.embedded.mongo.update;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.UpdateDescription;
import dev.cdcpipeline.embedded.mongo.wire.BsonWriter;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class UpdateDescriptionDiffTest {

    private record Pair(Document before, Document after) {}

    @Test
    @DisplayName("update Event: the description applied to the document before gives the one after")
    void describesTheWholeDifference() {
        Gen<Pair> pairs = random -> new Pair(document(random, 0), document(random, 0));
        Property.forAll(
                500,
                pairs,
                pair -> {
                    UpdateDescription description =
                            UpdateDescriptionDiff.between(pair.before(), pair.after());
                    if (description != null) {
                        assertThat(canonical(applied(pair.before(), description)))
                                .isEqualTo(canonical(pair.after()));
                    }
                });
    }

    private static Document applied(Document before, UpdateDescription description) {
        Document result = before.cloneDeeply();
        for (Document truncated : description.truncatedArrays()) {
            List<String> path = Paths.split(String.valueOf(truncated.get("field")));
            List<?> array = (List<?>) java.util.Objects.requireNonNull(Paths.get(result, path));
            int size = ((Number) truncated.getOrDefault("newSize", 0)).intValue();
            Paths.set(result, path, new ArrayList<>(array.subList(0, size)));
        }
        description.removedFields().forEach(path -> Paths.remove(result, Paths.split(path)));
        description
                .updatedFields()
                .forEach((path, value) -> Paths.set(result, Paths.split(path), value));
        return result;
    }

    /** Equal whatever the order of the fields. */
    private static BsonDocument canonical(Document document) {
        return new RawBsonDocument(BsonWriter.toBytes(document))
                .decode(new org.bson.codecs.BsonDocumentCodec());
    }

    private static Document document(RandomGenerator random, int depth) {
        Document document = new Document();
        for (String name : List.of("a", "b", "c", "d")) {
            if (random.nextInt(3) > 0) {
                document.put(name, value(random, depth + 1));
            }
        }
        return document;
    }

    private static @Nullable Object value(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0 -> random.nextInt(3);
            case 1 -> "text " + "x".repeat(random.nextInt(3) * 20);
            case 2 -> null;
            case 3 -> document(random, depth);
            default -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
        };
    }
}
