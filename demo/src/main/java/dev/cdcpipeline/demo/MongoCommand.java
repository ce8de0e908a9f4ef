package dev.cdcpipeline.demo;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;
import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.platform.config.ShutdownSettings;
import dev.cdcpipeline.platform.lifecycle.Service;
import dev.cdcpipeline.platform.lifecycle.ServiceRunner;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code cdc mongo}. */
@Command(
        name = "mongo",
        mixinStandardHelpOptions = true,
        description =
                "Runs the embedded MongoDB replica set alone, in memory, until Ctrl-C; prints its connection string.")
final class MongoCommand implements Callable<Integer> {

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    @Option(
            names = "--port",
            defaultValue = "27117",
            description = "The loopback port, 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--server-version",
            defaultValue = "7.0",
            converter = VersionConverter.class,
            description =
                    "The MongoDB version to be: 4.2, 5.0, 6.0, 7.0 or 8.0. Default: ${DEFAULT-VALUE}.")
    private ServerVersion version = ServerVersion.V7_0;

    /** Reads a version; picocli shows the sentence. */
    private static final class VersionConverter implements ITypeConverter<ServerVersion> {

        @Override
        public ServerVersion convert(String text) {
            try {
                return ServerVersion.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** The replica set until the stop. */
    private record Running(MongoReplicaSet mongo, CountDownLatch stopped) implements Service {

        @Override
        public void run() throws InterruptedException {
            System.out.println(mongo.uri());
            stopped.await();
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public void close() {
            mongo.close();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ServiceRunner(new ShutdownSettings(STOP_WITHIN))
                .run("mongo", new Running(start(), new CountDownLatch(1)))
                .value();
    }

    private MongoReplicaSet start() {
        try {
            return MongoReplicaSet.builder().port(port).version(version).start();
        } catch (UncheckedIOException e) {
            throw new IllegalStateException(
                    "Port %d of the loopback interface is taken; choose another with --port, or 0 for a free one."
                            .formatted(port),
                    e);
        }
    }
}
