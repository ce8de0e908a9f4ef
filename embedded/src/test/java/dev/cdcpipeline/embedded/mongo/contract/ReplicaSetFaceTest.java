package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterSettings;
import com.mongodb.connection.ClusterType;
import com.mongodb.connection.ServerDescription;

import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a replica set presents itself.
 *
 * <p>Rests on the MongoDB manual: "hello", "isMaster", "buildInfo", "replSetGetStatus",
 * "serverStatus", "Database Commands: Response" ({@code operationTime}, {@code $clusterTime}),
 * "Error Codes"; and on the drivers' "Server Discovery and Monitoring" specification.
 */
@ExtendWith(MongoContract.class)
@DisplayName("hello, isMaster, buildInfo, replSetGetStatus, serverStatus, command responses")
class ReplicaSetFaceTest {

    private static final Map<ServerVersion, Integer> WIRE_VERSIONS =
            Map.of(
                    new ServerVersion(4, 2), 8,
                    new ServerVersion(4, 4), 9,
                    new ServerVersion(5, 0), 13,
                    new ServerVersion(6, 0), 17,
                    new ServerVersion(7, 0), 21,
                    new ServerVersion(8, 0), 25);

    private static void checkPrimary(TestDatabase db, BsonDocument reply) {
        assertThat(reply.getString("setName").getValue()).isNotEmpty();
        assertThat(reply.getBoolean("secondary").getValue()).isFalse();
        assertThat(reply.getString("primary")).isEqualTo(reply.getString("me"));
        assertThat(reply.getArray("hosts")).contains(reply.getString("me"));
        assertThat(reply.getInt32("maxBsonObjectSize").getValue()).isEqualTo(16777216);
        assertThat(reply.getInt32("maxMessageSizeBytes").getValue()).isEqualTo(48000000);
        assertThat(reply.getInt32("maxWriteBatchSize").getValue()).isEqualTo(100000);
        assertThat(reply.getInt32("logicalSessionTimeoutMinutes").getValue()).isPositive();
        assertThat(reply.isDateTime("localTime")).isTrue();
        assertThat(reply.getBoolean("readOnly").getValue()).isFalse();
        assertThat(reply.getObjectId("electionId")).isNotNull();
        assertThat(reply.getNumber("setVersion").intValue()).isPositive();
        assertThat(
                        reply.getDocument("lastWrite")
                                .getDocument("opTime")
                                .getTimestamp("ts")
                                .getTime())
                .isPositive();
        assertThat(reply.getDocument("lastWrite").isDateTime("lastWriteDate")).isTrue();
        Integer wireVersion = WIRE_VERSIONS.get(db.version());
        if (wireVersion != null) {
            assertThat(reply.getInt32("maxWireVersion").getValue()).isEqualTo(wireVersion);
        }
    }

    @Test
    @DisplayName("isMaster: output on the primary")
    void isMasterDescribesThePrimary(TestDatabase db) {
        BsonDocument reply = db.admin("{isMaster: 1}");
        assertThat(reply.getBoolean("ismaster").getValue()).isTrue();
        checkPrimary(db, reply);
    }

    @Test
    @DisplayName("hello (from 4.4 on): output on the primary")
    void helloDescribesThePrimary(TestDatabase db) {
        db.server().requires(4, 4, "hello");
        BsonDocument reply = db.admin("{hello: 1}");
        assertThat(reply.getBoolean("isWritablePrimary").getValue()).isTrue();
        checkPrimary(db, reply);
    }

    @Test
    void theLastWriteOfHelloMovesOn(TestDatabase db) {
        BsonTimestamp before = lastWrite(db);
        db.insert("items", "{_id: 1}");
        assertThat(lastWrite(db)).isGreaterThan(before);
    }

    private static BsonTimestamp lastWrite(TestDatabase db) {
        return db.admin("{isMaster: 1}")
                .getDocument("lastWrite")
                .getDocument("opTime")
                .getTimestamp("ts");
    }

    @Test
    @DisplayName("Database Commands, Response: operationTime and $clusterTime")
    void everyReplyCarriesItsTimes(TestDatabase db) {
        BsonTimestamp before = db.now();
        BsonDocument insert = db.run("{insert: 'items', documents: [{_id: 1}]}");
        BsonDocument find = db.run("{find: 'items'}");

        assertThat(insert.getTimestamp("operationTime")).isGreaterThan(before);
        assertThat(find.getTimestamp("operationTime"))
                .isGreaterThanOrEqualTo(insert.getTimestamp("operationTime"));
        for (BsonDocument reply : List.of(insert, find)) {
            BsonDocument time = reply.getDocument("$clusterTime");
            assertThat(time.getTimestamp("clusterTime"))
                    .isGreaterThanOrEqualTo(reply.getTimestamp("operationTime"));
            assertThat(time.getDocument("signature").keySet()).containsExactly("hash", "keyId");
        }
    }

    @Test
    void theTimeOfAWriteIsTheTimeOfItsEvent(TestDatabase db) {
        RawStream stream = db.watch("items");
        BsonDocument insert = db.run("{insert: 'items', documents: [{_id: 1}]}");
        BsonTimestamp event = stream.next().getTimestamp("clusterTime");
        assertThat(event).isLessThanOrEqualTo(insert.getTimestamp("operationTime"));
    }

    @Test
    void buildInfoAndStatusAreThoseOfTheVersion(TestDatabase db) {
        BsonDocument build = db.admin("{buildInfo: 1}");
        assertThat(build.getArray("versionArray")).hasSize(4);
        assertThat(build.getArray("versionArray").getFirst().asInt32().getValue())
                .isEqualTo(db.version().major());
        assertThat(build.getInt32("maxBsonObjectSize").getValue()).isEqualTo(16777216);

        BsonDocument status = db.admin("{serverStatus: 1}");
        assertThat(status.getString("version")).isEqualTo(build.getString("version"));
        assertThat(status.getString("process").getValue()).contains("mongo");
        assertThat(status.isString("host")).isTrue();
        assertThat(status.isNumber("uptime")).isTrue();
        assertThat(status.isDateTime("localTime")).isTrue();
        assertThat(status.getDocument("repl").getString("setName"))
                .isEqualTo(db.admin("{isMaster: 1}").getString("setName"));
        assertThat(status.getDocument("connections").getNumber("current").intValue()).isPositive();
    }

    @Test
    @DisplayName("replSetGetStatus: output")
    void theStatusOfTheSetNamesItsPrimary(TestDatabase db) {
        BsonDocument status = db.admin("{replSetGetStatus: 1}");
        assertThat(status.getString("set"))
                .isEqualTo(db.admin("{isMaster: 1}").getString("setName"));
        assertThat(status.isDateTime("date")).isTrue();
        List<BsonDocument> members =
                status.getArray("members").stream().map(BsonValue::asDocument).toList();
        assertThat(members)
                .filteredOn(member -> "PRIMARY".equals(member.getString("stateStr").getValue()))
                .singleElement()
                .satisfies(
                        primary -> {
                            assertThat(primary.getInt32("state").getValue()).isEqualTo(1);
                            assertThat(primary.getNumber("health").intValue()).isEqualTo(1);
                            assertThat(primary.isString("name")).isTrue();
                            assertThat(primary.getDocument("optime").isTimestamp("ts")).isTrue();
                        });
        assertThat(
                        status.getDocument("optimes")
                                .getDocument("lastCommittedOpTime")
                                .isTimestamp("ts"))
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName("mongosh: what a shell asks when it connects")
    @ValueSource(
            strings = {
                "{getLog: 'startupWarnings'}",
                "{connectionStatus: 1, showPrivileges: false}",
                "{getParameter: 1, featureCompatibilityVersion: 1}",
                "{getCmdLineOpts: 1}",
                "{hostInfo: 1}",
                "{listDatabases: 1, nameOnly: true}",
                "{listCommands: 1}",
                "{whatsmyuri: 1}"
            })
    void aShellIsAnswered(String command, TestDatabase db) {
        try {
            assertThat(db.admin(command).getNumber("ok").intValue()).isEqualTo(1);
        } catch (MongoException refused) {
            assertThat(refused.getCode())
                    .as("only a server with access control refuses")
                    .isEqualTo(13);
        }
    }

    @Test
    @DisplayName("getParameter: featureCompatibilityVersion")
    void theFeatureCompatibilityVersionIsAVersion(TestDatabase db) {
        BsonDocument reply = db.admin("{getParameter: 1, featureCompatibilityVersion: 1}");
        ServerVersion compatible =
                ServerVersion.parse(
                        reply.getDocument("featureCompatibilityVersion")
                                .getString("version")
                                .getValue());
        assertThat(compatible).isLessThanOrEqualTo(db.version());
    }

    @Test
    void replSetGetConfigIsTheSameSet(TestDatabase db) {
        BsonDocument config = db.admin("{replSetGetConfig: 1}").getDocument("config");
        assertThat(config.getString("_id"))
                .isEqualTo(db.admin("{isMaster: 1}").getString("setName"));
        assertThat(config.getDocument("settings").isObjectId("replicaSetId")).isTrue();
        assertThat(config.getArray("members")).isNotEmpty();
    }

    @ParameterizedTest
    @DisplayName("Error Codes: what the server does not know")
    @CsvSource(
            delimiter = '|',
            value = {
                "{noSuchCommand: 1} | 59 | CommandNotFound",
                "{find: 'items', filter: {$nonsense: 1}} | 2 | BadValue",
                "{find: 'items', filter: {a: {$nonsense: 1}}} | 2 | BadValue",
                "{aggregate: 'items', pipeline: [{$match: {}, $limit: 1}], cursor: {}} | 40323 |",
                "{aggregate: 'items', pipeline: [{$nonsense: 1}], cursor: {}} | 40324 |",
                "{aggregate: 'items', pipeline: [{$sample: 5}], cursor: {}} | 28745 |",
                "{aggregate: 'items', pipeline: [{$sample: {size: 'x'}}], cursor: {}} | 28746 |",
                "{aggregate: 'items', pipeline: [{$sample: {}}], cursor: {}} | 28749 |",
                "{aggregate: 'items', pipeline: []} | 9 | FailedToParse",
                "{insert: 'items', documents: []} | 16 | InvalidLength",
                "{insert: 'items', documents: [{a: 1}], nonsense: 1} | 40415 |",
                "{update: 'items', updates: [{u: {a: 1}}]} | 40414 |",
                "{update: 'items', updates: [{q: {}, u: {a: 1}, nonsense: 1}]} | 40415 |",
                "{delete: 'items', deletes: [{q: {}}]} | 40414 |",
                "{update: 'items', updates: [{q: 'text', u: {a: 1}}]} | 14 | TypeMismatch",
                "{renameCollection: 'a.b', to: 'a.c'} | 13 | Unauthorized",
                "{collMod: 'missing'} | 26 | NamespaceNotFound"
            })
    void whatIsUnknownHasItsOwnCode(String command, int code, String name, TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.run(command));
        assertThat(failed).as(command).isNotNull();
        assertThat(failed.getErrorCode()).isEqualTo(code);
        if (name != null) {
            assertThat(failed.getErrorCodeName()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @DisplayName(
            "Error Codes: reads with fields that are misspelt or of another type (9 before 5.0)")
    @CsvSource(
            delimiter = '|',
            value = {
                "{find: 'items', filtre: {a: 1}} | 40415",
                "{find: 'items', filter: 'text'} | 14",
                "{find: 'items', batchSize: -1} | 51024",
                "{find: 'items', skip: -1} | 51024",
                "{aggregate: 'items', pipeline: [], cursor: {}, nonsense: 1} | 40415"
            })
    void aReadWithWrongFieldsIsRefused(String command, int code, TestDatabase db) {
        db.run("{create: 'items'}");
        MongoCommandException failed =
                catchThrowableOfType(MongoCommandException.class, () -> db.run(command));
        assertThat(failed).as(command).isNotNull();
        if (db.version().atLeast(5, 0)) {
            assertThat(failed.getErrorCode()).isEqualTo(code);
        } else {
            assertThat(failed.getErrorCode()).isIn(code, 2, 9);
        }
    }

    @Test
    @DisplayName("local.oplog.rs: its oldest and its newest entry")
    void theOplogShowsItsEnds(TestDatabase db) {
        db.insert("items", "{_id: 1}");
        BsonTimestamp written = db.now();
        BsonDocument oldest = oplogEnd(db, 1);
        BsonDocument newest = oplogEnd(db, -1);
        assertThat(oldest.getTimestamp("ts")).isLessThan(written);
        assertThat(newest.getTimestamp("ts")).isGreaterThanOrEqualTo(written);
        assertThat(newest.isString("op")).isTrue();
        assertThat(newest.isDateTime("wall")).isTrue();
    }

    private static BsonDocument oplogEnd(TestDatabase db, int direction) {
        BsonDocument found =
                db.client()
                        .getDatabase("local")
                        .getCollection("oplog.rs", BsonDocument.class)
                        .find()
                        .sort(doc("{$natural: %d}", direction))
                        .first();
        return Objects.requireNonNull(found);
    }

    @ParameterizedTest
    @DisplayName("Error Codes: writes that are refused")
    @CsvSource(
            delimiter = '|',
            value = {
                "{$nonsense: {a: 1}} | 9",
                "{$set: {_id: 2}} | 66",
                "{_id: 2, a: 1} | 66",
                "{$inc: {s: 1}} | 14",
                "{$push: {s: 1}} | 2",
                "{$set: {a: 1, 'a.b': 2}} | 40",
                "{$set: {'s.x': 2}} | 28"
            })
    void aWriteThatIsRefusedHasItsOwnCode(String update, int code, TestDatabase db) {
        db.insert("items", "{_id: 1, s: 'text'}");
        RawStream stream = db.watch("items");
        BsonDocument reply = db.update("items", "{_id: 1}", update);
        BsonDocument error = reply.getArray("writeErrors").getFirst().asDocument();
        assertThat(error.getInt32("code").getValue()).as(error.toJson()).isEqualTo(code);
        assertThat(db.drain(stream)).isEmpty();
    }

    @Test
    @DisplayName("Server Discovery and Monitoring: replicaSet=")
    void aDriverFindsThePrimaryOfTheNamedSet(TestDatabase db) {
        String set = db.admin("{isMaster: 1}").getString("setName").getValue();
        connect(
                db,
                settings ->
                        settings.requiredReplicaSetName(set).mode(ClusterConnectionMode.MULTIPLE),
                client -> {
                    client.getDatabase(db.name()).runCommand(doc("{ping: 1}"));
                    assertThat(client.getClusterDescription().getType())
                            .isEqualTo(ClusterType.REPLICA_SET);
                    assertThat(client.getClusterDescription().getServerDescriptions())
                            .anyMatch(ServerDescription::isPrimary);
                });
    }

    @Test
    @DisplayName("Server Discovery and Monitoring: directConnection=true")
    void aDriverConnectsDirectly(TestDatabase db) {
        String primary = db.admin("{isMaster: 1}").getString("primary").getValue();
        connect(
                db,
                settings ->
                        settings.hosts(List.of(new ServerAddress(primary)))
                                .mode(ClusterConnectionMode.SINGLE),
                client -> {
                    client.getDatabase(db.name())
                            .withReadPreference(ReadPreference.primaryPreferred())
                            .runCommand(doc("{ping: 1}"));
                    assertThat(client.getClusterDescription().getConnectionMode())
                            .isEqualTo(ClusterConnectionMode.SINGLE);
                });
    }

    private static void connect(
            TestDatabase db, Consumer<ClusterSettings.Builder> cluster, Consumer<MongoClient> use) {
        ConnectionString uri = new ConnectionString(db.server().uri());
        MongoClientSettings settings =
                MongoClientSettings.builder()
                        .applyConnectionString(uri)
                        .applyToClusterSettings(cluster::accept)
                        .build();
        try (MongoClient client = MongoClients.create(settings)) {
            use.accept(client);
        }
    }
}
