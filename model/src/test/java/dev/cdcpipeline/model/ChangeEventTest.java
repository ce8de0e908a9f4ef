package dev.cdcpipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Instant;

class ChangeEventTest {

    private static final BsonTimestamp TIME = new BsonTimestamp(1_700_000_000, 7);

    @Test
    @DisplayName(
            "1.3 Property 2: every part of an event is read as it was sent, for every BSON type")
    void readsEveryPart() {
        Property.forAll(3_000, Parts.generated(), ChangeEventTest::checkParts);
    }

    private static void checkParts(Parts parts) {
        ChangeEvent event = ChangeEvent.of(RawDocument.of(parts.event()));

        assertThat(event.operationName()).isEqualTo(parts.operation);
        assertThat(event.operationType()).isEqualTo(OperationType.of(parts.operation));
        assertThat(event.namespace()).isEqualTo(new Namespace(parts.database, parts.collection));
        assertThat(document(event.fullDocument())).isEqualTo(parts.document);
        assertThat(document(event.updateDescription())).isEqualTo(parts.document);
        assertThat(document(event.lsid())).isEqualTo(parts.document);
        assertThat(event.documentKey()).isNotNull().extracting(DocumentKey::id).isEqualTo(parts.id);
        assertThat(event.clusterTime()).isEqualTo(new BsonTimestamp(parts.number));
        assertThat(event.wallTime()).isEqualTo(Instant.ofEpochMilli(parts.number));
        assertThat(event.txnNumber()).isEqualTo(parts.number);
        assertThat(event.resumeToken()).isEqualTo(parts.token);
        assertThat(event.document().toBsonDocument()).isEqualTo(parts.event());
    }

    private static @Nullable BsonDocument document(@Nullable RawDocument document) {
        return document == null ? null : document.toBsonDocument();
    }

    @Test
    void readsWhatIsNotThereAsNull() {
        BsonDocument event =
                new BsonDocument("operationType", new BsonString("invalidate"))
                        .append("fullDocument", BsonNull.VALUE);

        ChangeEvent invalidate = ChangeEvent.of(RawDocument.of(event));

        assertThat(invalidate.operationType()).isEqualTo(OperationType.INVALIDATE);
        assertThat(invalidate.namespace()).isNull();
        assertThat(invalidate.renamedTo()).isNull();
        assertThat(invalidate.documentKey()).isNull();
        assertThat(invalidate.fullDocument()).isNull();
        assertThat(invalidate.fullDocumentBeforeChange()).isNull();
        assertThat(invalidate.clusterTime()).isNull();
        assertThat(invalidate.txnNumber()).isNull();
        assertThat(invalidate.hasResumeToken()).isFalse();
        assertThatThrownBy(invalidate::resumeToken)
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("without _id");
    }

    @Test
    void keepsTheNameOfAnOperationItDoesNotKnow() {
        BsonDocument event = new BsonDocument("operationType", new BsonString("createIndexes"));

        ChangeEvent other = ChangeEvent.of(RawDocument.of(event));

        assertThat(other.operationType()).isEqualTo(OperationType.OTHER);
        assertThat(other.operationName()).isEqualTo("createIndexes");
    }

    @Test
    void refusesAFieldOfAnotherType() {
        BsonDocument event =
                new BsonDocument("operationType", new BsonString("insert"))
                        .append("fullDocument", new BsonInt32(1));

        assertThatThrownBy(() -> ChangeEvent.of(RawDocument.of(event)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(
                        "Malformed message: a change event whose fullDocument has BSON type 0x10,"
                                + " at byte 44");
    }

    @Test
    @DisplayName("a sharded collection's document key is reduced to _id")
    void identifiesADocumentByItsIdAlone() {
        BsonDocument sharded =
                new BsonDocument("region", new BsonString("eu")).append("_id", new BsonInt32(1));
        BsonDocument plain = new BsonDocument("_id", new BsonInt32(1));

        assertThat(DocumentKey.of(RawDocument.of(sharded)))
                .isEqualTo(DocumentKey.of(RawDocument.of(plain)));
        assertThat(DocumentKey.of(RawDocument.of(sharded)).document().toBsonDocument())
                .isEqualTo(plain);
    }

    @Test
    void makesSnapshotEventsLikeTheOfficialConnector() {
        Property.forAll(
                BsonGen.ids(),
                id -> {
                    BsonDocument document =
                            new BsonDocument("name", new BsonString("x")).append("_id", id);

                    ChangeEvent event =
                            PipelineEvents.snapshot(
                                    new Namespace("shop", "orders"),
                                    RawDocument.of(document),
                                    TIME);

                    BsonDocument key = new BsonDocument("_id", id);
                    BsonDocument expected =
                            new BsonDocument(
                                            "_id",
                                            key.clone().append("copyingData", BsonBoolean.TRUE))
                                    .append("operationType", new BsonString("insert"))
                                    .append("clusterTime", TIME)
                                    .append(
                                            "ns",
                                            BsonDocument.parse("{db: 'shop', coll: 'orders'}"))
                                    .append("documentKey", key)
                                    .append("fullDocument", document);
                    assertThat(event.document().toBsonDocument()).isEqualTo(expected);
                    assertThat(event.hasResumeToken()).isFalse();
                });
    }

    @Test
    void neverShowsValues() {
        BsonDocument secret = new BsonDocument("_id", new BsonString("secret"));
        ChangeEvent event =
                PipelineEvents.snapshot(
                        Namespace.parse("shop.orders"), RawDocument.of(secret), TIME);

        assertThat(event.toString()).isEqualTo("ChangeEvent[insert, 200 bytes]");
        assertThat(RawDocument.of(secret).toString()).doesNotContain("secret");
        assertThat(DocumentKey.of(RawDocument.of(secret)).toString()).doesNotContain("secret");
    }

    /** What an event is made of. */
    private record Parts(
            String operation,
            String database,
            String collection,
            BsonDocument document,
            BsonValue id,
            ResumeToken token,
            long number) {

        static Gen<Parts> generated() {
            Gen<String> operations =
                    Gen.elements("insert", "update", "replace", "delete", "drop", "modify");
            return random ->
                    new Parts(
                            operations.next(random),
                            Gen.words(9).next(random),
                            Gen.words(9).next(random),
                            BsonGen.documents().next(random),
                            BsonGen.ids().next(random),
                            ResumeToken.ofBytes(Gen.bytes(1, 60).next(random)),
                            Gen.longs().next(random));
        }

        BsonDocument event() {
            return new BsonDocument("_id", token.toDocument())
                    .append("operationType", new BsonString(operation))
                    .append("clusterTime", new BsonTimestamp(number))
                    .append("wallTime", new BsonDateTime(number))
                    .append("fullDocument", document)
                    .append(
                            "ns",
                            new BsonDocument("db", new BsonString(database))
                                    .append("coll", new BsonString(collection)))
                    .append("documentKey", new BsonDocument("shard", id).append("_id", id))
                    .append("txnNumber", new BsonInt64(number))
                    .append("lsid", document)
                    .append("updateDescription", document);
        }
    }
}
