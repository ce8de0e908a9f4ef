package dev.cdcpipeline.platform.failure;

import dev.cdcpipeline.platform.secret.Redaction;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.Optional;

/**
 * Says to an operator what a refusal of Kafka or PostgreSQL means and what to do about it, by type
 * and code: credentials, certificates, rights. Thread-safe.
 */
public final class Advice {
    private final String service;

    /**
     * Advice for one service.
     *
     * @param service what its options begin with, {@code watcher}
     */
    public Advice(String service) {
        this.service = service;
    }

    /**
     * The exception with advice in front, an {@link ExplainedException}; the exception itself when
     * there is no advice, or when it is {@link Explained} already.
     */
    public Exception explained(Exception thrown) {
        for (Throwable each : Causes.of(thrown)) {
            if (each instanceof Explained) {
                return thrown;
            }
        }
        return on(thrown)
                .<Exception>map(advice -> new ExplainedException(advice, thrown))
                .orElse(thrown);
    }

    /**
     * What to say when a client of Kafka cannot even be made: a file that is not there, options
     * that do not go together.
     */
    public ExplainedException unmade(KafkaException thrown) {
        return new ExplainedException(
                "Kafka's client cannot be made of %s.kafka.properties (%s): correct them, or the files that they name"
                        .formatted(service, Redaction.redact(Causes.deepest(thrown))),
                thrown);
    }

    /** A sentence or a few; empty when the error says it all, or is none of these. */
    public Optional<String> on(Throwable thrown) {
        for (Throwable each : Causes.of(thrown)) {
            String advice =
                    switch (each) {
                        case SQLException sql -> onSql(sql);
                        case KafkaException kafka -> onKafka(kafka);
                        default -> null;
                    };
            if (advice != null) {
                return Optional.of(advice);
            }
        }
        return Optional.empty();
    }

    private @Nullable String onKafka(KafkaException thrown) {
        String properties = service + ".kafka.properties.";
        return switch (thrown) {
            case SaslAuthenticationException _ ->
                    "Kafka does not accept the user or the password (%s): check %ssasl.jaas.config and sasl.mechanism, and that the user exists for this mechanism"
                            .formatted(thrown.getMessage(), properties);
            case UnsupportedSaslMechanismException _ ->
                    "Kafka does not offer this SASL mechanism (%s): set %ssasl.mechanism to one that the listener enables"
                            .formatted(thrown.getMessage(), properties);
            case SslAuthenticationException _ -> kafkaTls(thrown, properties);
            case TopicAuthorizationException topic ->
                    "The Kafka user lacks a right on %s: grant it, for example with kafka-acls.sh --add --allow-principal User:<user> %s"
                            .formatted(
                                    topic.unauthorizedTopics().isEmpty()
                                            ? "a topic"
                                            : "the topic "
                                                    + String.join(", ", topic.unauthorizedTopics()),
                                    grants(topic));
            case GroupAuthorizationException group ->
                    "The Kafka user may not use the consumer group %s: grant it with kafka-acls.sh --add --allow-principal User:<user> --operation Read --operation Describe --group %s, or choose another %s.kafka.group"
                            .formatted(group.groupId(), group.groupId(), service);
            case InconsistentGroupProtocolException _ ->
                    "Members of another kind use this consumer group (%s): another program, or an assignor or group protocol of its own. End them, or choose another %s.kafka.group, which applies the topics from their start"
                            .formatted(thrown.getMessage(), service);
            case ClusterAuthorizationException _ ->
                    "The Kafka user lacks a right on the cluster (%s): topics are made by whoever has Create on them, or beforehand; grant it with kafka-acls.sh --add --allow-principal User:<user> --operation Create --operation IdempotentWrite --cluster"
                            .formatted(thrown.getMessage());
            default -> null;
        };
    }

    private String grants(TopicAuthorizationException thrown) {
        String topic =
                thrown.unauthorizedTopics().isEmpty()
                        ? "<topic>"
                        : thrown.unauthorizedTopics().iterator().next();
        String operations =
                service.equals("watcher")
                        ? "--operation Create --operation Describe --operation DescribeConfigs --operation Read --operation Write"
                        : "--operation Describe --operation Read (for the dead-letter topic: Create, Describe, Write)";
        return operations + " --topic " + topic;
    }

    private String kafkaTls(KafkaException thrown, String properties) {
        return TlsProblem.of(thrown)
                .orElse(TlsProblem.REFUSED)
                .sentence(
                        thrown,
                        "Kafka",
                        properties + "ssl.truststore.location",
                        properties + "ssl.keystore.location",
                        service + ".kafka.bootstrap-servers and the brokers' advertised.listeners");
    }

    private @Nullable String onSql(SQLException thrown) {
        String target = service + ".postgresql.";
        Optional<TlsProblem> tls = TlsProblem.of(thrown);
        if (tls.isPresent()) {
            return tls.get()
                    .sentence(
                            thrown,
                            "PostgreSQL",
                            target + "properties.sslrootcert",
                            target + "properties.sslcert and sslkey",
                            target + "url");
        }
        return switch (String.valueOf(thrown.getSQLState())) {
            case "28P01" ->
                    "PostgreSQL does not accept the user or the password (%s): check %suser and %spassword"
                            .formatted(Causes.deepest(thrown), target, target);
            case "28000" ->
                    "PostgreSQL does not let this user in (%s): check %suser, the client certificate if pg_hba.conf asks for one, and that pg_hba.conf has a line for this user, database, address and encryption"
                            .formatted(Causes.deepest(thrown), target);
            case "08004" ->
                    "PostgreSQL and the driver do not agree on how to connect (%s): check %spassword, and sslmode in %sproperties"
                            .formatted(Causes.deepest(thrown), target, target);
            case "3D000" ->
                    "PostgreSQL has no such database (%s): create it, or correct %surl"
                            .formatted(Causes.deepest(thrown), target);
            default -> null;
        };
    }
}
