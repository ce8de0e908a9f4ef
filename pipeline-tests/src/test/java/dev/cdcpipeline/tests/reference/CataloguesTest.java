package dev.cdcpipeline.tests.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.mongodb.MongoErrors;
import dev.cdcpipeline.platform.config.Configuration;
import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.platform.failure.ErrorEntry;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.failure.Explanation;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.syncer.app.SyncerErrors;
import dev.cdcpipeline.syncer.app.SyncerSettings;
import dev.cdcpipeline.watcher.app.WatcherErrors;
import dev.cdcpipeline.watcher.app.WatcherSettings;
import dev.cdcpipeline.watcher.checkpoint.RedisErrors;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

class CataloguesTest {
    private static final String MONGODB = "mongodb://reader:pw@localhost/?replicaSet=rs0";

    /** What exceptions say, as far as a catalogue knows. */
    private static final Map<String, String> SAID =
            Map.of("said", "x", "topic", "x", "topics", "x", "group", "x");

    private static Explainer watcher() {
        var settings =
                Configuration.load(
                        WatcherSettings.class,
                        null,
                        Map.of(
                                "WATCHER_MONGODB_URI",
                                MONGODB,
                                "WATCHER_SCOPE_INCLUDE",
                                "shop.*",
                                "WATCHER_KAFKA_BOOTSTRAP_SERVERS",
                                "localhost:9092"));
        return WatcherErrors.explainer(settings, new ConnectionString(MONGODB));
    }

    private static Explainer syncer() {
        return SyncerErrors.explainer(
                Configuration.load(
                        SyncerSettings.class,
                        null,
                        Map.of(
                                "SYNCER_KAFKA_BOOTSTRAP_SERVERS",
                                "localhost:9092",
                                "SYNCER_KAFKA_TOPICS",
                                "cdc.shop.orders",
                                "SYNCER_POSTGRESQL_URL",
                                "jdbc:postgresql://localhost/app",
                                "SYNCER_POSTGRESQL_USER",
                                "cdc")));
    }

    private static List<Explanation> explanations(ErrorCatalogue... catalogues) {
        return Stream.of(catalogues)
                .flatMap(catalogue -> catalogue.entries().stream())
                .map(ErrorEntry::explanation)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    @DisplayName("12.5: a service fills in every name that its catalogues ask for")
    void everyPlaceholderHasAValue() {
        assertThat(explanations(new MongoErrors(), new RedisErrors(), new KafkaErrors()))
                .allSatisfy(template -> assertFilled(watcher(), template));
        assertThat(explanations(new PostgresErrors(), new KafkaErrors()))
                .allSatisfy(template -> assertFilled(syncer(), template));
    }

    private static void assertFilled(Explainer explainer, Explanation template) {
        var tls = Map.of("system", "x", "trust", "x", "own", "x", "address", "x");
        assertThat(explainer.fill(template).with(SAID).with(tls).sentence())
                .doesNotContainPattern("\\{[a-zA-Z]+}");
    }

    @Test
    @DisplayName("12.5: what stops a login or a right is never without an explanation")
    void explainsWhatAnOperatorHasToMend() {
        var codes =
                List.of(
                        "11",
                        "13",
                        "18",
                        "47",
                        "222",
                        "260",
                        "280",
                        "286",
                        "40573",
                        "40585",
                        "28000",
                        "28P01",
                        "3D000",
                        "42501",
                        "08004",
                        "NOAUTH",
                        "NOPERM",
                        "WRONGPASS",
                        "SaslAuthenticationException",
                        "TopicAuthorizationException",
                        "GroupAuthorizationException",
                        "ClusterAuthorizationException");
        assertThat(
                        Catalogues.ALL.stream()
                                .flatMap(catalogue -> catalogue.entries().stream())
                                .filter(entry -> codes.contains(entry.code())))
                .hasSize(codes.size())
                .allSatisfy(
                        entry -> {
                            assertThat(entry.explanation()).isNotNull();
                            assertThat(entry.reaction()).isEqualTo(Reaction.STOP);
                        });
    }

    @Test
    @DisplayName("12.5: the privilege that a stream lacks is told as a command for the user in use")
    void tellsTheGrantForTheUserInUse() {
        var unauthorized =
                new MongoErrors()
                        .entries().stream()
                                .filter(entry -> entry.code().equals("13"))
                                .map(ErrorEntry::explanation)
                                .filter(Objects::nonNull)
                                .findFirst()
                                .orElseThrow();

        assertThat(watcher().fill(unauthorized).sentence())
                .isEqualTo(
                        "The MongoDB user may not read database shop: it needs the actions find and changeStream on {db: 'shop', collection: ''}; in mongosh: db.getSiblingDB('admin').grantRolesToUser('reader', [{role: 'read', db: 'shop'}])");
    }
}
