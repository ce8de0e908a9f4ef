package dev.cdcpipeline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;

class PostgresLoginTest {
    private static PostgresLogin login(Map<String, String> properties) {
        return new PostgresLogin("jdbc:postgresql://host/app", "cdc", "s3cret", properties);
    }

    @Test
    @DisplayName(
            "11: every connection checks the certificate by our verifier, which refuses for good")
    void verifiesTheHostNameStrictly() {
        assertThat(login(Map.of()).driverProperties(5))
                .containsEntry("sslhostnameverifier", StrictHostnameVerifier.class.getName())
                .containsEntry("socketTimeout", "5");
    }

    @Test
    @DisplayName("11.5: an operator's property counts in any case, and stands before ours")
    void takesTheOperatorsProperties() {
        assertThat(login(Map.of("SOCKETTIMEOUT", "7")).driverProperties(5))
                .containsEntry("socketTimeout", "7")
                .doesNotContainKey("SOCKETTIMEOUT");
    }

    @Test
    @DisplayName("15: the password does not show, nor one among the properties")
    void hidesPasswords() {
        assertThat(login(Map.of("sslpassword", "s3cret")).toString()).doesNotContain("s3cret");
    }
}
