package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An operator's own properties, and which clients they reach. They are written for one kind of
 * client, the Watcher's producer or the Syncer's consumer, which gets all of them. A client of
 * another kind gets
 *
 * <ul>
 *   <li>those that Kafka defines for both kinds: how to connect, to log in and to keep connections;
 *   <li>those that Kafka defines for no kind: the options of plug-ins such as login callback
 *       handlers and metrics reporters, of which every client makes its own.
 * </ul>
 *
 * @param given the properties by Kafka's names
 * @param meantFor the kind of client that they are written for
 */
record OperatorProperties(Map<String, String> given, ClientKind meantFor) {

    /**
     * Defined for several kinds, and of one client all the same: a producer's interceptor is none
     * of a consumer's, and how long a call may block is decided by who makes the call.
     */
    private static final Set<String> NOT_SHARED =
            Set.of(
                    ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
                    CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);

    /** Returns the properties that reach a client of a kind. */
    Map<String, String> reaching(ClientKind kind) {
        return given.entrySet().stream()
                .filter(property -> reaches(property.getKey(), kind))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private boolean reaches(String name, ClientKind kind) {
        if (kind == meantFor) {
            return true;
        }
        boolean shared = meantFor.knows(name) && kind.knows(name) && !NOT_SHARED.contains(name);
        return shared || !ClientKind.anyKnows(name);
    }

    /** Returns how long the operator lets a request wait for its answer, if that is given. */
    OptionalInt requestTimeoutMillis() {
        String value = given.get(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG);
        return value == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(value.strip()));
    }
}
