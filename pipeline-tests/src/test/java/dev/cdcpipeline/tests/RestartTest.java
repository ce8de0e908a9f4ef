package dev.cdcpipeline.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.cli.verify.Report;
import dev.cdcpipeline.cli.verify.Verifier;
import dev.cdcpipeline.demo.Pipeline;
import dev.cdcpipeline.demo.Servers;
import dev.cdcpipeline.demo.ServiceProcess;
import dev.cdcpipeline.demo.ShopWorkload;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The whole pipeline as processes of its own, while its services are killed and stopped. */
class RestartTest {
    /** The services' own tests kill them more often; here each is killed beside the other. */
    private static final int KILLS = Integer.getInteger("pipeline.kills", 4);

    private static final long NO_END = 10_000_000;
    private static final int PER_SECOND = 500;
    private static final Duration SESSION = Duration.ofSeconds(3);
    private static final Duration ARRIVAL_LIMIT = Duration.ofMinutes(3);

    private MongoClient mongo;
    private Connection postgres;
    private AppliedVersions applied;
    private Pipeline pipeline;
    private ShopWorkload workload;

    @BeforeEach
    void startThePipeline() throws SQLException {
        Servers servers = Servers.start();
        mongo = MongoClients.create(servers.mongo().uri());
        postgres = servers.connect();
        applied = AppliedVersions.observe(postgres, ShopWorkload.NAMESPACES);
        pipeline = Pipeline.start(servers, SESSION);
        pipeline.services().forEach(each -> each.jvmOptions(ServiceJvm.QUICK_START));
        workload = new ShopWorkload(mongo, new ShopWorkload.Plan(NO_END, PER_SECOND, 42, 4));
    }

    @AfterEach
    void stopThePipeline() throws SQLException {
        try (var _ = pipeline;
                var _ = mongo;
                var _ = postgres) {
            workload.stop();
        }
    }

    @Test
    @DisplayName("15, I1, I2, I3: SIGKILL of either service at any time loses and repeats nothing")
    void losesAndRepeatsNothingWhenEitherServiceIsKilledAtAnyTime() throws SQLException {
        // Given a workload that writes all the while
        var random = new Random(7);
        CompletableFuture<Void> writing = write();

        // When they are killed in turn, each after some random progress or none, and started again
        for (int kill = 0; kill < KILLS; kill++) {
            awaitApplied(random.nextInt(PER_SECOND));
            ServiceProcess victim = pipeline.services().get(kill % 2);
            victim.kill();
            victim.restart();
        }
        workload.stop();
        writing.join();

        // Then every document has its row, and no row was ever written twice or taken back
        awaitAgreement();
        applied.assertNothingTwiceAndNeverBackwards();
    }

    @Test
    @DisplayName(
            "9.1 to 9.5, Properties 19 and 20: SIGTERM under load drains, ends with 0, loses nothing")
    void drainsAndEndsWithZeroAfterSigtermUnderLoad() throws SQLException {
        // Given both services under load
        CompletableFuture<Void> writing = write();
        awaitApplied(PER_SECOND);

        // When each gets SIGTERM
        int watcher = pipeline.watcher().stop();
        int syncer = pipeline.syncer().stop();

        // Then both end with 0, and go on where they stopped
        assertThat(watcher)
                .as("exit code of the Watcher: " + pipeline.watcher().logTail(20))
                .isZero();
        assertThat(syncer).as("exit code of the Syncer: " + pipeline.syncer().logTail(20)).isZero();
        pipeline.watcher().restart();
        pipeline.syncer().restart();
        workload.stop();
        writing.join();
        awaitAgreement();
        applied.assertNothingTwiceAndNeverBackwards();
    }

    private CompletableFuture<Void> write() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        workload.run();
                    } catch (InterruptedException e) {
                        throw new CompletionException(e);
                    }
                });
    }

    /** Awaits so many more rows written. */
    private void awaitApplied(long more) throws SQLException {
        long target = applied.count() + more;
        await().atMost(ARRIVAL_LIMIT).until(() -> applied.count() >= target);
    }

    private void awaitAgreement() throws SQLException {
        Map<Namespace, TableName> tables = new LinkedHashMap<>();
        for (Namespace each : ShopWorkload.NAMESPACES) {
            tables.put(each, new TableName(each.database(), each.collection()));
        }
        var verifier = new Verifier(mongo, postgres, DocFormat.PLAIN);
        try {
            Report report =
                    await().atMost(ARRIVAL_LIMIT)
                            .pollInterval(Duration.ofSeconds(1))
                            .until(() -> verifier.compare(tables), Report::agrees);
            assertThat(report.documents()).isPositive();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%s%nWatcher:%n%s%nSyncer:%n%s"
                            .formatted(
                                    verifier.compare(tables).sentence(),
                                    pipeline.watcher().logTail(40),
                                    pipeline.syncer().logTail(40)),
                    e);
        }
    }
}
