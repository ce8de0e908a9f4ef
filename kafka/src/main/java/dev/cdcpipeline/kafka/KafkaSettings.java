package dev.cdcpipeline.kafka;

import dev.cdcpipeline.platform.config.Description;
import dev.cdcpipeline.platform.config.Example;
import dev.cdcpipeline.platform.config.Matches;

import java.util.Map;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers brokers to start from, {@code host:port,host:port}
 * @param properties further properties of the Kafka client, under Kafka's own names; never null
 */
public record KafkaSettings(
        @Description("Brokers to start from; the rest of the cluster is found through them.")
                @Matches(
                        regex = "\\s*[^\\s,:]+:\\d{1,5}(\\s*,\\s*[^\\s,:]+:\\d{1,5})*\\s*",
                        says = "host:port, or several separated by commas")
                @Example("localhost:9092")
                String bootstrapServers,
        @Description(
                        "Further properties of the Kafka client under Kafka's own names, such as"
                                + " security.protocol, sasl.mechanism, sasl.jaas.config, ssl.truststore.location."
                                + " Refused are those that the service sets itself, and names that are nearly"
                                + " one of Kafka's.")
                Map<String, String> properties) {
    /** Without what may hold credentials. */
    @Override
    public String toString() {
        return "KafkaSettings[properties=" + properties.keySet() + "]";
    }
}
