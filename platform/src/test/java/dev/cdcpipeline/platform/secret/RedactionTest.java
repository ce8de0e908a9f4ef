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

    /** The {@code _id} of these is "canary", 63616E617279 in hexadecimal. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8265A0B1C2000000012B042C0100296E5A1004AB463C5F6964003C63616E617279000004",
                "token=8265a0b1c2000000012b042c0100296e5a1004ab463c5f6964003c63616e617279000004",
                "(Location280): cannot resume stream; the resume token was not found. {_data:"
                        + " \"8265A0B1C2000000012B042C0100296E5A1004AB463C5F6964003C63616E617279000004\"}",
                "{\"_data\":"
                        + " \"8265A0B1C2000000012B042C0100296E5A1004AB463C5F6964003C63616E617279000004\"}",
                "{_data=BsonString{value='0164DEADBEEF0000000063616E617279'}}",
                "10334 (BSONObjectTooLarge): 'BSONObj size: 17825868 (0x1100044) is invalid. First"
                        + " element: _id: \"canary\"' on server h:27017.",
                "BSONObj size: 17825868 (0x1100044) is invalid. First element: _id: { a: 'canary',"
                        + " b: 1 }' on server h",
                "241 (ConversionFailure): 'Failed to parse number 'canary' in $convert with no"
                        + " onError value: x' on server h",
            })
    @DisplayName(
            "10.5 case W10: no _id, and nothing else of a document, is in a text that quotes a"
                    + " resume token or a value")
    void removesWhatServersQuoteOfDocuments(String text) {
        String redacted = Redaction.redact("before " + text + " after");
        assertThat(redacted)
                .startsWith("before ")
                .endsWith(" after")
                .contains(Redaction.MASK)
                .doesNotContain("canary")
                .doesNotContainIgnoringCase("63616E617279");
        assertThat(text.contains("on server") && !redacted.contains("on server")).isFalse();
    }

    @Test
    @DisplayName("case W10: the cluster time of a resume token stays, by which its event is found")
    void keepsTheTimeOfAToken() {
        assertThat(Redaction.redact("at 8265A0B1C2000000012B042C0100296E5A1004AB46 it"))
                .isEqualTo("at 8265A0B1C200000001*** it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8265a0b1c200000001234567",
                "a UUID such as 8265a0b1-c200-4000-8000-0123456789ab",
                "Failed to parse the header",
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
