package dev.cdcpipeline.tests.reference;

import dev.cdcpipeline.kafka.KafkaErrors;
import dev.cdcpipeline.mongodb.MongoErrors;
import dev.cdcpipeline.platform.failure.ErrorCatalogue;
import dev.cdcpipeline.postgresql.PostgresErrors;
import dev.cdcpipeline.watcher.checkpoint.RedisErrors;

import java.util.List;

/** The error catalogues of all outside systems. */
final class Catalogues {
    static final List<ErrorCatalogue> ALL =
            List.of(new MongoErrors(), new PostgresErrors(), new KafkaErrors(), new RedisErrors());

    private Catalogues() {}
}
