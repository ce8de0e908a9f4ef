package dev.cdcpipeline.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two more listeners of a broker, at the host name {@code localhost}: one asks for a user and a
 * password (SCRAM-SHA-512 or PLAIN, over TLS), one for a client's certificate, whose common name is
 * the user. Nobody may do anything without an ACL, but for those who come by the first listener,
 * which stays open for the tests' own work.
 *
 * @param tls what the broker shows and trusts
 * @param passwords by the users' names
 */
public record KafkaSecurity(ServerTls tls, Map<String, String> passwords) {

    /** The users of SCRAM, as the storage's formatter takes them. */
    List<String> scram() {
        var arguments = new ArrayList<String>();
        passwords.forEach(
                (user, password) ->
                        arguments.add(
                                "SCRAM-SHA-512=[name=%s,password=%s]".formatted(user, password)));
        return arguments;
    }

    /** The broker's settings, but for the listeners' addresses. */
    Map<String, String> settings() {
        var settings = new TreeMap<String, String>();
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN");
        settings.put(
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put("listener.name.sasl_ssl.plain.sasl.jaas.config", plainUsers());
        settings.put("listener.name.ssl.ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.key", ServerTls.text(tls.key()));
        settings.put("ssl.keystore.certificate.chain", ServerTls.text(tls.certificate()));
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", ServerTls.text(tls.authorities()));
        settings.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        settings.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        return settings;
    }

    private String plainUsers() {
        var users =
                new StringBuilder(
                        "org.apache.kafka.common.security.plain.PlainLoginModule required");
        passwords.forEach(
                (user, password) -> users.append(" user_%s=\"%s\"".formatted(user, password)));
        return users.append(';').toString();
    }
}
