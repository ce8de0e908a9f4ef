package dev.cdcpipeline.kafka;

import org.apache.kafka.clients.CommonClientConfigs;

import java.time.Duration;
import java.util.Map;

/** The properties of admin clients. */
final class AdminTables {
    private static final int ANSWER_MILLIS = 10_000;

    private AdminTables() {}

    /**
     * A service's admin client. What is not answered is asked again, by a retry that reports it and
     * that a stop ends.
     */
    static ClientTable service(String clientId, OperatorProperties operator) {
        int request = operator.requestTimeoutMillis().orElse(ANSWER_MILLIS);
        return new ClientTable(
                ClientKind.ADMIN,
                Map.of(
                        CommonClientConfigs.CLIENT_ID_CONFIG,
                        clientId,
                        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                        request,
                        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.max(request, ANSWER_MILLIS)),
                Map.of());
    }

    /** The same client for one who asks once and waits no longer than the limit. */
    static ClientTable impatient(ClientTable service, Duration limit) {
        int millis = Math.toIntExact(limit.toMillis());
        return new ClientTable(
                service.kind(),
                service.defaults(),
                Map.of(
                        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                        millis,
                        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        millis));
    }
}
