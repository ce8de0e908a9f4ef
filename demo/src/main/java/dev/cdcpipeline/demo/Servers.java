package dev.cdcpipeline.demo;

import dev.cdcpipeline.embedded.KafkaBroker;
import dev.cdcpipeline.embedded.PostgresServer;
import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The three servers of the pipeline, running.
 *
 * @param mongo the source
 * @param kafka the broker between the services
 * @param postgres the target
 */
public record Servers(MongoReplicaSet mongo, KafkaBroker kafka, PostgresServer postgres)
        implements AutoCloseable {

    /** Starts all three at once, on free loopback ports. */
    public static Servers start() {
        CompletableFuture<PostgresServer> postgres = starting("postgresql", PostgresServer::start);
        CompletableFuture<KafkaBroker> kafka = starting("kafka", KafkaBroker::start);
        CompletableFuture<MongoReplicaSet> mongo = starting("mongodb", MongoReplicaSet::start);
        try {
            CompletableFuture.allOf(postgres, kafka, mongo).join();
            return new Servers(mongo.join(), kafka.join(), postgres.join());
        } catch (CompletionException e) {
            undo(postgres, PostgresServer::close);
            undo(kafka, KafkaBroker::close);
            undo(mongo, MongoReplicaSet::close);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** A new connection to PostgreSQL, for the caller to close. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "");
    }

    @Override
    public void close() {
        try (mongo;
                kafka;
                postgres) {
            // Closed in reverse order, all of them, whatever fails.
        }
    }

    private static <T> void undo(CompletableFuture<T> start, Consumer<T> close) {
        if (!start.isCompletedExceptionally()) {
            close.accept(start.join());
        }
    }

    private static <T> CompletableFuture<T> starting(String name, Supplier<T> start) {
        var started = new CompletableFuture<T>();
        Thread.ofPlatform()
                .name("start-" + name)
                .start(
                        () -> {
                            try {
                                started.complete(start.get());
                            } catch (Throwable e) {
                                started.completeExceptionally(e);
                            }
                        });
        return started;
    }
}
