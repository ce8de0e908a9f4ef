package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;

import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The reads that a copy of a collection needs.
 *
 * <p>Rests on the MongoDB manual: "listCollections", "find" (fields {@code hint}, {@code min},
 * {@code max}), "$sample (aggregation stage)", "collStats", "count", "Read Concern majority",
 * "Comparison/Sort Order".
 */
@ExtendWith(MongoContract.class)
@DisplayName("listCollections, find, $sample, collStats, Read Concern, Comparison/Sort Order")
class ReadsTest {

    private static void hundred(TestDatabase db) {
        List<BsonDocument> documents = new ArrayList<>();
        for (int id = 0; id < 100; id++) {
            documents.add(
                    new BsonDocument("_id", new BsonInt32(id)).append("a", new BsonInt32(id % 7)));
        }
        db.collection("items").insertMany(documents);
    }

    private static BsonBinary uuid(TestDatabase db, String collection) {
        return db.run("{listCollections: 1, filter: {name: '%s'}}", collection)
                .getDocument("cursor")
                .getArray("firstBatch")
                .getFirst()
                .asDocument()
                .getDocument("info")
                .getBinary("uuid");
    }

    @Test
    @DisplayName("listCollections, output: info.uuid tells a collection from its successor")
    void aCollectionHasAnIdentityOfItsOwn(TestDatabase db) {
        db.run("{create: 'items'}");
        BsonBinary first = uuid(db, "items");
        assertThat(first.getType()).isEqualTo((byte) 4);
        assertThat(first.getData()).hasSize(16);
        assertThat(uuid(db, "items")).isEqualTo(first);

        db.admin("{renameCollection: '%1$s.items', to: '%1$s.moved'}", db.name());
        assertThat(uuid(db, "moved")).isEqualTo(first);

        db.run("{drop: 'moved'}");
        db.run("{create: 'moved'}");
        assertThat(uuid(db, "moved")).isNotEqualTo(first);
    }

    @Test
    void collectionsAreListedWithTypeAndIndex(TestDatabase db) {
        db.run("{create: 'items'}");
        BsonDocument listed =
                db.run("{listCollections: 1}")
                        .getDocument("cursor")
                        .getArray("firstBatch")
                        .getFirst()
                        .asDocument();
        assertThat(listed.getString("type").getValue()).isEqualTo("collection");
        assertThat(listed.getDocument("info").getBoolean("readOnly").getValue()).isFalse();
        assertThat(listed.getDocument("idIndex").getDocument("key")).isEqualTo(doc("{_id: 1}"));
        BsonDocument names =
                db.run("{listCollections: 1, nameOnly: true}")
                        .getDocument("cursor")
                        .getArray("firstBatch")
                        .getFirst()
                        .asDocument();
        assertThat(names).isEqualTo(doc("{name: 'items', type: 'collection'}"));
    }

    @Test
    @DisplayName("find, min and max: a half-open range of the hinted index")
    void aRangeOfIdsIsHalfOpen(TestDatabase db) {
        hundred(db);
        List<BsonDocument> range =
                db.collection("items")
                        .find()
                        .hint(doc("{_id: 1}"))
                        .min(doc("{_id: 10}"))
                        .max(doc("{_id: 20}"))
                        .into(new ArrayList<>());
        assertThat(range)
                .extracting(document -> document.getInt32("_id").getValue())
                .containsExactly(10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        assertThat(
                        db.collection("items")
                                .find()
                                .hintString("_id_")
                                .min(doc("{_id: 98}"))
                                .into(new ArrayList<>()))
                .hasSize(2);
    }

    @Test
    void rangesMeetWithoutGapOrOverlapAcrossTypes(TestDatabase db) {
        String[] ids = {
            "{$minKey: 1}",
            "null",
            "-1",
            "2.5",
            "{$numberLong: '3'}",
            "'a'",
            "'b'",
            "{x: 1}",
            "{$binary: {base64: 'YWI=', subType: '00'}}",
            "{$oid: '650000000000000000000010'}",
            "false",
            "true",
            "{$date: '2026-01-01T00:00:00Z'}",
            "{$timestamp: {t: 5, i: 5}}",
            "{$maxKey: 1}"
        };
        List<BsonDocument> shuffled = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            shuffled.add(doc("{_id: " + ids[i * 7 % ids.length] + "}"));
        }
        MongoCollection<BsonDocument> items = db.collection("items");
        items.insertMany(shuffled);

        List<BsonDocument> sorted = items.find().sort(doc("{_id: 1}")).into(new ArrayList<>());
        assertThat(sorted)
                .extracting(document -> document.get("_id"))
                .containsExactly(List.of(ids).stream().map(Bson::value).toArray(BsonValue[]::new));
        for (int from = 0; from + 3 < sorted.size(); from += 3) {
            assertThat(
                            items.find()
                                    .hint(doc("{_id: 1}"))
                                    .min(sorted.get(from))
                                    .max(sorted.get(from + 3))
                                    .into(new ArrayList<>()))
                    .isEqualTo(sorted.subList(from, from + 3));
        }
    }

    @Test
    @DisplayName("find, min and max: a hint is required (51173)")
    void aRangeWithoutAHintIsRefused(TestDatabase db) {
        hundred(db);
        MongoException failed =
                catchThrowableOfType(
                        MongoException.class, () -> db.run("{find: 'items', min: {_id: 10}}"));
        assertThat(failed).isNotNull();
        assertThat(failed.getCode()).isEqualTo(51173);
    }

    @Test
    @DisplayName("find, hint: an index that is not there is a bad value (2)")
    void aHintAtNoIndexIsRefused(TestDatabase db) {
        hundred(db);
        MongoException failed =
                catchThrowableOfType(
                        MongoException.class, () -> db.run("{find: 'items', hint: 'no_such'}"));
        assertThat(failed).isNotNull();
        assertThat(failed.getCode()).isEqualTo(2);
    }

    @Test
    void aScanByIdIsSortedAndPaged(TestDatabase db) {
        hundred(db);
        List<BsonDocument> page =
                db.collection("items")
                        .find(doc("{_id: {$gt: 41, $lte: 50}}"))
                        .sort(doc("{_id: -1}"))
                        .limit(3)
                        .into(new ArrayList<>());
        assertThat(page)
                .extracting(document -> document.getInt32("_id").getValue())
                .containsExactly(50, 49, 48);
    }

    @Test
    @DisplayName("$sample: so many documents of the collection, each at most once")
    void aSampleIsOfTheCollection(TestDatabase db) {
        hundred(db);
        List<BsonDocument> sample =
                db.collection("items")
                        .aggregate(List.of(Aggregates.sample(20)))
                        .into(new ArrayList<>());
        assertThat(sample).hasSize(20).doesNotHaveDuplicates();
        Set<BsonDocument> all =
                new LinkedHashSet<>(db.collection("items").find().into(new ArrayList<>()));
        assertThat(all).containsAll(sample);
        assertThat(
                        db.collection("items")
                                .aggregate(List.of(Aggregates.sample(1000)))
                                .into(new ArrayList<>()))
                .hasSize(100);
    }

    @Test
    @DisplayName("collStats and count: how large a collection is")
    void aCollectionTellsItsSize(TestDatabase db) {
        hundred(db);
        BsonDocument stats = db.run("{collStats: 'items'}");
        assertThat(stats.getString("ns").getValue()).isEqualTo(db.name() + ".items");
        assertThat(stats.getNumber("count").intValue()).isEqualTo(100);
        assertThat(stats.getNumber("size").intValue()).isGreaterThan(100 * 20);
        assertThat(stats.getNumber("avgObjSize").doubleValue()).isGreaterThan(20);
        assertThat(db.collection("items").estimatedDocumentCount()).isEqualTo(100);
        assertThat(db.collection("items").countDocuments(doc("{a: 0}"))).isEqualTo(15);
        BsonDocument staged =
                db.collection("items")
                        .aggregate(List.of(doc("{$collStats: {count: {}, storageStats: {}}}")))
                        .into(new ArrayList<>())
                        .getFirst();
        assertThat(staged.getNumber("count").intValue()).isEqualTo(100);
    }

    @Test
    @DisplayName("Read Concern majority: a majority write is seen, at or after a cluster time")
    void majorityReadsSeeMajorityWrites(TestDatabase db) {
        db.collection("items").withWriteConcern(WriteConcern.MAJORITY).insertOne(doc("{_id: 1}"));
        assertThat(
                        db.collection("items")
                                .withReadConcern(ReadConcern.MAJORITY)
                                .find()
                                .into(new ArrayList<>()))
                .hasSize(1);
        BsonDocument reply =
                db.run(
                        doc("{find: 'items'}")
                                .append(
                                        "readConcern",
                                        doc("{level: 'majority'}")
                                                .append("afterClusterTime", db.now())));
        assertThat(reply.getDocument("cursor").getArray("firstBatch")).hasSize(1);
    }

    @Test
    void databasesAreListed(TestDatabase db) {
        hundred(db);
        assertThat(db.client().listDatabaseNames()).contains(db.name());
        assertThat(db.run("{dbStats: 1}").getNumber("objects").intValue()).isEqualTo(100);
    }
}
