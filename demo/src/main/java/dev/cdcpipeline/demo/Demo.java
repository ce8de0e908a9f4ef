package dev.cdcpipeline.demo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.cdcpipeline.platform.lifecycle.ExitCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

/** The demo from the start of the servers to their end. */
final class Demo {

    private final DemoOptions options;
    private final Display display;
    private final CountDownLatch stop;

    /**
     * @param stop ends the demo early when it is counted down
     */
    Demo(DemoOptions options, Display display, CountDownLatch stop) {
        this.options = options;
        this.display = display;
        this.stop = stop;
    }

    ExitCode run() throws SQLException, InterruptedException {
        display.say("Starting PostgreSQL, Kafka and MongoDB, then the Watcher and the Syncer ...");
        try (Servers servers = Servers.start();
                Pipeline pipeline = Pipeline.start(servers);
                MongoClient mongo = MongoClients.create(servers.mongo().uri());
                Connection postgres = servers.connect();
                var probe = new LagProbe(servers.connect())) {
            var run = new DemoRun(options, pipeline, mongo, postgres, probe);
            ExitCode outcome = run.run(display, stop);
            if (outcome == ExitCode.FAILED) {
                keepLogs(pipeline);
            }
            if (options.keep() && stop.getCount() > 0) {
                keepRunning(servers, pipeline);
            }
            return outcome;
        }
    }

    private void keepRunning(Servers servers, Pipeline pipeline) throws InterruptedException {
        var postgres = servers.postgres();
        display.say(
                """

                All of it keeps running until Ctrl-C:
                  MongoDB     %s
                  Kafka       %s
                  PostgreSQL  %s?user=%s
                  Watcher     http://127.0.0.1:%d/health and /metrics
                  Syncer      http://127.0.0.1:%d/health and /metrics
                  psql -h %s -p %d -U %s -c 'TABLE shop.orders LIMIT 3'"""
                        .formatted(
                                servers.mongo().uri(),
                                servers.kafka().bootstrapServers(),
                                postgres.jdbcUrl(),
                                postgres.user(),
                                pipeline.watcher().httpPort(),
                                pipeline.syncer().httpPort(),
                                postgres.host(),
                                postgres.port(),
                                postgres.user()));
        stop.await();
    }

    private void keepLogs(Pipeline pipeline) {
        try {
            Path kept = Files.createTempDirectory("cdc-demo-logs-");
            for (ServiceProcess service : pipeline.services()) {
                Files.copy(service.log(), kept.resolve(service.name() + ".log"));
            }
            display.say("The logs of the Watcher and the Syncer are in " + kept);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not keep the logs", e);
        }
    }
}
