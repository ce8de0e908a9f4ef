package dev.cdcpipeline.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * TLS and users of a Redis server. It listens by TLS only, takes a client's certificate and does
 * not ask for one, and has no default user.
 *
 * @param tls what the server shows and trusts
 * @param users ACL rules by user, {@code on >password ~cdc:* +@read}
 */
public record RedisSecurity(ServerTls tls, Map<String, String> users) {

    /** The server's arguments, instead of {@code --port}. */
    List<String> arguments(int port) {
        var arguments = new ArrayList<>(List.of("--port", "0", "--tls-port", String.valueOf(port)));
        arguments.addAll(List.of("--tls-cert-file", tls.certificate().toString()));
        arguments.addAll(List.of("--tls-key-file", tls.key().toString()));
        arguments.addAll(List.of("--tls-ca-cert-file", tls.authorities().toString()));
        arguments.addAll(List.of("--tls-auth-clients", "optional"));
        arguments.addAll(List.of("--user", "default", "off"));
        users.forEach(
                (user, rules) -> {
                    arguments.addAll(List.of("--user", user));
                    arguments.addAll(List.of(rules.split(" ")));
                });
        return arguments;
    }
}
