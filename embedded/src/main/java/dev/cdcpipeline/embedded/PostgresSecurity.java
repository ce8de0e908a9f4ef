package dev.cdcpipeline.embedded;

import java.util.Map;

/**
 * TLS and authentication of a PostgreSQL server: users come by TLS with a password (SCRAM-SHA-256),
 * members of the role {@code certified} by TLS with a client certificate whose common name is
 * theirs. The superuser needs neither.
 *
 * @param tls what the server shows and trusts
 */
public record PostgresSecurity(ServerTls tls) {

    /** The server's settings. */
    Map<String, String> settings() {
        return Map.of(
                "ssl", "on",
                "ssl_cert_file", tls.certificate().toString(),
                "ssl_key_file", tls.key().toString(),
                "ssl_ca_file", tls.authorities().toString());
    }

    /** The lines of {@code pg_hba.conf}; the first that fits counts. */
    static String rules(String superuser) {
        return """
        host    all %s          127.0.0.1/32 trust
        hostssl all +certified  127.0.0.1/32 cert
        hostssl all all         127.0.0.1/32 scram-sha-256
        """
                .formatted(superuser);
    }
}
