package dev.cdcpipeline.demo;

import dev.cdcpipeline.embedded.mongo.MongoReplicaSet;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code cdc mongo}. */
@Command(
        name = "mongo",
        mixinStandardHelpOptions = true,
        description =
                "Runs the embedded MongoDB replica set alone, in memory, until Ctrl-C; prints its connection string.")
final class MongoCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        try (MongoReplicaSet mongo = MongoReplicaSet.start()) {
            System.out.println(mongo.uri());
            new CountDownLatch(1).await();
            return 0;
        }
    }
}
