package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.CommonClientConfigs;

import java.util.HashMap;
import java.util.Map;

/**
 * The properties of one client in three layers, each over the one before it: the service's
 * defaults, the operator's properties, and what must not be changed.
 *
 * @param kind the kind of client
 * @param defaults what an operator may override
 * @param fixed what the guarantees rest on
 */
record ClientTable(ClientKind kind, Map<String, Object> defaults, Map<String, Object> fixed) {

    /** Returns all properties of the client. */
    Map<String, Object> properties(String bootstrapServers, OperatorProperties operator) {
        Map<String, Object> all = new HashMap<>(defaults);
        all.putAll(operator.reaching(kind));
        all.putAll(fixed);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return all;
    }
}
