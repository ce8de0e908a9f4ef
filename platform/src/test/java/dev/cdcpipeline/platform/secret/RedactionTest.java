package dev.cdcpipeline.platform.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://me:canary@h1,h2/db?replicaSet=rs",
                "mongodb+srv://me:can@ary@cluster.example.org",
                "redis://:canary@host:6379/0",
                "rediss://canary@host",
                "jdbc:postgresql://host/db?user=me&password=canary&ssl=true",
                "{password=canary, user=me}",
                "org.apache.kafka...PlainLoginModule required username=\"me\" password=\"canary\";",
                "{\"password\": \"canary\"}",
                "ssl.key.password: canary",
            })
    @DisplayName("10.5 Credentials vanish from text in every form a driver prints them")
    void removesCredentials(String text) {
        assertThat(Redaction.redact("before " + text + " after"))
                .startsWith("before ")
                .endsWith(" after")
                .contains(Redaction.MASK)
                .doesNotContain("canary")
                .doesNotContain("ary@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://host/path",
                "mail me@example.org",
                "password",
                "took 5 ms: a=b, c:d",
                "mongodb://host1,host2/?replicaSet=rs0",
            })
    void leavesOtherTextAlone(String text) {
        assertThat(Redaction.redact(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "ssl.keystore.password",
                "sasl.jaas.config",
                "api-key",
                "AWS_SECRET_ACCESS_KEY",
                "ssl.keystore.key",
            })
    void knowsSecretKeys(String key) {
        assertThat(Redaction.isSecretKey(key)).isTrue();
    }

    @Test
    void otherKeysAreNotSecret() {
        assertThat(Redaction.isSecretKey("bootstrap.servers")).isFalse();
        assertThat(Redaction.isSecretKey("ssl.truststore.location")).isFalse();
    }

    @Test
    @DisplayName("10.5 Property 21: whatever the password, it does not come through in a URI")
    void removesAnyPassword() {
        Property.forAll(
                300,
                Gen.words(12).map(word -> "q7" + word + "7q"),
                password ->
                        assertThat(
                                        Redaction.redact(
                                                "cannot reach mongodb://u:%s@h/ or password=%s"
                                                        .formatted(password, password)))
                                .doesNotContain(password));
    }

    @Test
    void aSecretPrintsAsAMask() {
        var secret = Secret.of("canary");

        assertThat(secret).hasToString("***").isEqualTo(Secret.of("canary"));
        assertThat(secret.reveal()).isEqualTo("canary");
    }
}
