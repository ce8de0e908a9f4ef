package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Secret;

import java.nio.file.Path;
import java.util.Optional;

/** Whom to trust in TLS, and with which certificate to show up; files are PEM (RFC 7468). */
public interface TlsSettings {

    /** The authorities; empty for those of the Java runtime. */
    @Description(
            "PEM file with the certificates of the authorities that are trusted; by default those"
                    + " of the Java runtime.")
    Optional<Path> ca();

    /** The client's certificate; empty for none. */
    @Description(
            "PEM file with the client's certificate, if the server asks for one, and its chain.")
    Optional<Path> certificate();

    /** The certificate's private key; empty for none. */
    @Description(
            "PEM file with the private key of the certificate, as PKCS#8 (BEGIN PRIVATE KEY or BEGIN"
                    + " ENCRYPTED PRIVATE KEY).")
    Optional<Path> key();

    /** The key's password; empty for none. */
    @Description("Password of the private key, if it is encrypted.")
    Optional<Secret> keyPassword();
}
