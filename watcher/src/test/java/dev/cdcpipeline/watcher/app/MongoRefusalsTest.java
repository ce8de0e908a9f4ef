package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.model.ChangeStreamPreAndPostImagesOptions;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What MongoDB refuses, and what the Watcher then tells its operator. */
class MongoRefusalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    @RegisterExtension private static final Servers servers = new Servers();

    private final String database = servers.mongo.newDatabase();

    @TempDir private Path folder;

    @BeforeEach
    void needsFailPoints() {
        assumeTrue(servers.mongo.isEmbedded(), "fail points need a server with test commands");
    }

    @AfterEach
    void fulfilsEverythingAgain() {
        if (servers.mongo.isEmbedded()) {
            failPoint(new Document("configureFailPoint", "failCommand").append("mode", "off"));
        }
    }

    /** The Watcher's commands of this name fail from now on, those of the test do not. */
    private void fail(String command, int code) {
        Document data =
                new Document("failCommands", List.of(command))
                        .append("errorCode", code)
                        .append("appName", "cdc-watcher");
        failPoint(
                new Document("configureFailPoint", "failCommand")
                        .append("mode", "alwaysOn")
                        .append("data", data));
    }

    private static void failPoint(Document command) {
        assertThat(servers.client.getDatabase("admin").runCommand(command)).isNotEmpty();
    }

    private RunningWatcher start(String... more) {
        return RunningWatcher.start(servers.environment(database, folder, more));
    }

    private RunningWatcher startReady(String... more) {
        return RunningWatcher.startReady(servers.environment(database, folder, more));
    }

    private List<Topic.Published> awaitPublished(int count) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> servers.published(database, "orders"),
                        records -> records.size() >= count);
    }

    @Test
    @DisplayName(
            "12.5: a missing privilege on the stream stops the Watcher, which names what it needs")
    void namesThePrivilegeThatTheStreamNeeds() throws Exception {
        fail("aggregate", 13);
        try (RunningWatcher watcher = start()) {
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("actions find and changeStream on {db: '" + database)
                    .hasMessageContaining("grantRolesToUser('<user>', [{role: 'read'");
        }
    }

    @Test
    @DisplayName("12.5: a missing privilege to look documents up stops the Watcher, which names it")
    void namesThePrivilegeThatTheLookUpNeeds() throws Exception {
        var orders = servers.collection(database, "orders");
        try (RunningWatcher watcher = startReady()) {
            fail("find", 13);
            orders.insertOne(new Document("_id", 1));
            orders.updateOne(Filters.eq(1), Updates.set("a", 1));
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("actions find and changeStream on {db: '" + database);
        }
    }

    @Test
    @DisplayName(
            "12.5: a password that is not accepted stops the Watcher, which says what to check")
    void saysWhatToCheckWhenThePasswordIsNotAccepted() throws Exception {
        fail("saslStart", 18);
        String uri = servers.mongo.uri().replace("mongodb://", "mongodb://cdc:s3cret-canary@");
        try (RunningWatcher watcher = start("WATCHER_MONGODB_URI", uri)) {
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("watcher.mongodb.uri")
                    .hasMessageContaining("authSource")
                    .hasMessageNotContaining("s3cret-canary");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "286, no longer holds the changes",
        "136, no longer holds the entry",
        "40585, no longer holds the changes",
        "280, pipeline now hides",
        "260, pipeline now hides",
        "222, pipeline now hides",
        "40324, watcher.scope.pipeline",
        "10334, watcher.scope.exclude-fields",
        "40573, rs.initiate()"
    })
    @DisplayName(
            "1.6, I5: a stream that cannot be opened stops the Watcher with what to do, by its code")
    void saysWhatToDoByTheCode(int code, String advice) throws Exception {
        fail("aggregate", code);
        try (RunningWatcher watcher = start("WATCHER_RETRY_MAX_ATTEMPTS", "2")) {
            assertThat(watcher.awaitFailure()).hasMessageContaining(advice);
        }
    }

    @Test
    @DisplayName("12.5: a server that is in no replica set is refused with how to make it one")
    void refusesAServerAlone() throws Exception {
        try (MongoReplicaSet alone = MongoReplicaSet.builder().inNoSet().start();
                RunningWatcher watcher = start("WATCHER_MONGODB_URI", alone.directUri())) {
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("--replSet")
                    .hasMessageContaining("rs.initiate()");
        }
    }

    @Test
    @DisplayName("2.3, I5: a checkpoint of another replica set of the same name is refused")
    void refusesACheckpointOfAnotherReplicaSet() throws Exception {
        startReady().close();
        try (MongoReplicaSet other = MongoReplicaSet.start();
                RunningWatcher watcher = start("WATCHER_MONGODB_URI", other.uri())) {
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("belongs to the cluster rs0/")
                    .hasMessageContaining("watcher.mongodb.uri leads to rs0/");
        }
    }

    @Test
    @DisplayName("1.3: with required post-images an update carries the document as it was after it")
    void publishesStoredPostImages() throws Exception {
        createWithImages();
        var orders = servers.collection(database, "orders");
        startReady().close();
        orders.insertOne(new Document("_id", 1).append("a", 1));
        orders.updateOne(Filters.eq(1), Updates.set("a", 2));
        orders.updateOne(Filters.eq(1), Updates.set("a", 3));
        orders.deleteOne(Filters.eq(1));
        try (RunningWatcher watcher = startReady("WATCHER_POST_IMAGE", "required")) {
            List<Topic.Published> records = awaitPublished(4);
            assertThat(records.subList(0, 3))
                    .extracting(r -> Objects.requireNonNull(r.event().fullDocument()).get("a"))
                    .containsExactly(new BsonInt32(1), new BsonInt32(2), new BsonInt32(3));
            assertThat(watcher.count("cdc.watcher.null.lookups")).isZero();
        }
    }

    @Test
    @DisplayName(
            "1.3: with post-images when available an update carries the one that was kept, and where none was,"
                    + " the document as it is looked up")
    void looksUpWhereNoPostImageWasKept() throws Exception {
        var orders = servers.collection(database, "orders");
        orders.insertOne(new Document("_id", 1));
        startReady().close();
        orders.updateOne(Filters.eq(1), Updates.set("a", 1));
        servers.client
                .getDatabase(database)
                .runCommand(
                        new Document("collMod", "orders")
                                .append(
                                        "changeStreamPreAndPostImages",
                                        new Document("enabled", true)));
        orders.updateOne(Filters.eq(1), Updates.set("a", 2));
        orders.updateOne(Filters.eq(1), Updates.set("a", 3));
        try (RunningWatcher watcher = startReady("WATCHER_POST_IMAGE", "when-available")) {
            assertThat(awaitPublished(3))
                    .extracting(r -> Objects.requireNonNull(r.event().fullDocument()).get("a"))
                    .containsExactly(new BsonInt32(3), new BsonInt32(2), new BsonInt32(3));
            assertThat(watcher.count("cdc.watcher.null.lookups")).isZero();
        }
    }

    private void createWithImages() {
        servers.client
                .getDatabase(database)
                .createCollection(
                        "orders",
                        new CreateCollectionOptions()
                                .changeStreamPreAndPostImagesOptions(
                                        new ChangeStreamPreAndPostImagesOptions(true)));
    }

    @Test
    @DisplayName(
            "1.3, I5: a required post-image that was not stored stops the Watcher, which says how to store them")
    void stopsAtAPostImageThatWasNotStored() throws Exception {
        var orders = servers.collection(database, "orders");
        orders.insertOne(new Document("_id", 1));
        try (RunningWatcher watcher = startReady("WATCHER_POST_IMAGE", "required")) {
            orders.updateOne(Filters.eq(1), Updates.set("a", 1));
            assertThat(watcher.awaitFailure())
                    .hasMessageContaining("changeStreamPreAndPostImages: {enabled: true}")
                    .hasMessageContaining("watcher.post-image to batched");
        }
    }
}
