package dev.cdcpipeline.demo;

import com.mongodb.client.MongoClient;

import dev.cdcpipeline.cli.verify.Report;
import dev.cdcpipeline.cli.verify.Verifier;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.platform.lifecycle.ExitCode;
import dev.cdcpipeline.syncer.app.DocFormat;
import dev.cdcpipeline.syncer.schema.TableName;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The demo on a running pipeline: write and watch, wait until all has arrived, compare. */
final class DemoRun {

    private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
    private static final Duration TURN = Duration.ofMillis(50);

    private final DemoOptions options;
    private final Pipeline pipeline;
    private final MongoClient mongo;
    private final Connection postgres;
    private final LagProbe probe;
    private final ShopWorkload workload;
    private final TableContents tables;

    DemoRun(
            DemoOptions options,
            Pipeline pipeline,
            MongoClient mongo,
            Connection postgres,
            LagProbe probe) {
        this.options = options;
        this.pipeline = pipeline;
        this.mongo = mongo;
        this.postgres = postgres;
        this.probe = probe;
        this.workload = new ShopWorkload(mongo, options.workload());
        this.tables = new TableContents(postgres);
    }

    /**
     * Runs to the end, or until {@code stop} is counted down.
     *
     * @return OK when every document agrees with its row
     */
    ExitCode run(Display display, CountDownLatch stop) throws SQLException, InterruptedException {
        var meter =
                new ProgressMeter(
                        pipeline, tables, workload, probe.samples(), options.workload().events());
        var supervisor =
                new Supervisor(
                        pipeline.services(),
                        options.chaos(),
                        new Random(options.workload().seed()),
                        display);
        long start = System.nanoTime();
        CompletableFuture<Void> writing = startWriting();
        var watching = new Watching(supervisor, meter, display);
        while (!writing.isDone() && !stop.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
            watching.turn();
        }
        workload.stop();
        writing.join();
        watching.waitForTheRest();
        while (!tables.equalTo(workload.tally())
                && !watching.stalledFor(STALL_LIMIT)
                && !stop.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
            watching.turn();
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        watching.showNow();
        display.settle();
        return stop.getCount() == 0 ? ExitCode.FORCED : report(display, elapsed);
    }

    private CompletableFuture<Void> startWriting() {
        var writing = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .daemon()
                .name("workload")
                .start(
                        () -> {
                            try {
                                workload.run(probe);
                                writing.complete(null);
                            } catch (Throwable e) {
                                writing.completeExceptionally(e);
                            }
                        });
        return writing;
    }

    private ExitCode report(Display display, Duration elapsed) throws SQLException {
        Map<Namespace, TableName> compared = new LinkedHashMap<>();
        for (Namespace each : ShopWorkload.NAMESPACES) {
            compared.put(each, new TableName(each.database(), each.collection()));
        }
        Report report = new Verifier(mongo, postgres, DocFormat.PLAIN).compare(compared);
        Lag lag = probe.samples().overall();
        double seconds = elapsed.toMillis() / 1e3;
        display.say(
                String.format(
                        Locale.ROOT,
                        "%,d events in %.1f s, from the first write to the last row: %,.0f events/s; lag p50 %,.0f ms, p99 %,.0f ms.",
                        workload.written(),
                        seconds,
                        workload.written() / seconds,
                        lag.p50(),
                        lag.p99()));
        display.say(report.sentence());
        report.first().forEach(each -> display.say("  " + each.sentence()));
        return report.agrees() ? ExitCode.OK : ExitCode.FAILED;
    }
}
