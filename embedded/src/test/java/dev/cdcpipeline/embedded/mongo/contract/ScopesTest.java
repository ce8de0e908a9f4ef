package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which events reach a stream.
 *
 * <p>Rests on the MongoDB manual, "Change Streams", section "Watch a Collection, Database, or
 * Deployment".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Streams, Watch a Collection, Database, or Deployment")
class ScopesTest {

    @Test
    void aCollectionStreamSeesItsCollectionOnly(TestDatabase db) {
        TestDatabase other = db.sibling();
        RawStream stream = db.watch("items");

        db.insert("items", "{_id: 1}");
        db.insert("items2", "{_id: 2}");
        db.insert("item", "{_id: 3}");
        other.insert("items", "{_id: 4}");
        db.insert("items", "{_id: 5}");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1}"),
                        db.shapes().insert("items", "{_id: 5}"));
    }

    @Test
    void aNameWithDotsOrSignsOfRegularExpressionsMatchesOnlyItself(TestDatabase db) {
        RawStream stream = db.watch("a.b+c(d)");

        db.insert("a.b+c(d)", "{_id: 1}");
        db.insert("axb+c(d)", "{_id: 2}");
        db.insert("a.bbc(d)", "{_id: 3}");
        db.insert("a.b+c(d).e", "{_id: 4}");

        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().insert("a.b+c(d)", "{_id: 1}"));
    }

    @Test
    void aDatabaseStreamSeesAllItsCollectionsThoseToComeToo(TestDatabase db) {
        TestDatabase other = db.sibling();
        db.insert("before", "{_id: 0}");
        RawStream stream = db.watch(db.databaseStream());

        db.insert("before", "{_id: 1}");
        other.insert("before", "{_id: 2}");
        db.insert("after", "{_id: 3}");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("before", "{_id: 1}"),
                        db.shapes().insert("after", "{_id: 3}"));
    }

    @Test
    void aClusterStreamSeesAllDatabasesThoseToComeToo(TestDatabase db) {
        TestDatabase other = db.sibling();
        RawStream stream = db.watch(db.clusterStream());

        db.insert("items", "{_id: 1}");
        other.insert("items", "{_id: 2}");
        db.update("items", "{_id: 1}", "{$set: {a: 1}}");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().insert("items", "{_id: 1}"),
                        other.shapes().insert("items", "{_id: 2}"),
                        db.shapes().update("items", "1", "{a: 1}"));
    }

    @Test
    void aStreamOpensOnACollectionAndADatabaseThatAreNotThereYet(TestDatabase db) {
        RawStream onCollection = db.watch("later");
        RawStream onDatabase = db.watch(db.databaseStream());
        assertThat(db.drain(onCollection)).isEmpty();

        db.run("{create: 'later'}");
        db.insert("later", "{_id: 1}");

        assertThat(db.shapesOf(onCollection))
                .containsExactly(db.shapes().insert("later", "{_id: 1}"));
        assertThat(db.shapesOf(onDatabase))
                .containsExactly(db.shapes().insert("later", "{_id: 1}"));
        assertThat(db.driver().listCollectionNames()).containsExactly("later");
    }

    @Test
    void aStreamStartsWithTheFirstWriteAfterItsOpening(TestDatabase db) {
        db.insert("items", "{_id: 1}", "{_id: 2}");
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 3}");

        assertThat(Shapes.keys(db.drain(stream))).containsExactly(doc("{_id: 3}"));
    }

    @Test
    void twoStreamsOfOneCollectionDoNotDisturbEachOther(TestDatabase db) {
        RawStream first = db.watch("items");
        db.insert("items", "{_id: 1}");
        RawStream second = db.watch("items");
        db.insert("items", "{_id: 2}");

        assertThat(Shapes.keys(db.drain(second))).containsExactly(doc("{_id: 2}"));
        assertThat(Shapes.keys(db.drain(first))).containsExactly(doc("{_id: 1}"), doc("{_id: 2}"));
    }

    @Test
    @DisplayName("Change Events: an event's fields, and no others")
    void anEventHasTheFieldsThatAreDocumented(TestDatabase db) {
        RawStream stream = db.watch("items");
        db.insert("items", "{_id: 1, a: 1}");
        db.delete("items", "{_id: 1}");
        var events = db.drain(stream);

        boolean wallTime = db.version().atLeast(6, 0);
        assertThat(Bson.without(events.get(0), "wallTime").keySet())
                .containsExactlyInAnyOrder(
                        "_id", "operationType", "clusterTime", "fullDocument", "ns", "documentKey");
        assertThat(Bson.without(events.get(1), "wallTime").keySet())
                .containsExactlyInAnyOrder(
                        "_id", "operationType", "clusterTime", "ns", "documentKey");
        assertThat(events).allMatch(event -> event.isDateTime("wallTime") == wallTime);
    }
}
