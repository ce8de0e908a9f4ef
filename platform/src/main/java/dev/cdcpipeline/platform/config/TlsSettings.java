package dev.cdcpipeline.platform.config;

import dev.cdcpipeline.platform.secret.Secret;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whom to trust in TLS, and with which certificate to show up; files are PEM (RFC 7468).
 *
 * @param ca the authorities; empty for those of the Java runtime
 * @param certificate the client's certificate; empty for none
 * @param key the certificate's private key; empty for none
 * @param keyPassword the key's password; empty for none
 */
public record TlsSettings(
        @Description(
                        "PEM file with the certificates of the authorities that are trusted; by default those"
                                + " of the Java runtime.")
                Optional<Path> ca,
        @Description(
                        "PEM file with the client's certificate, if the server asks for one, and its chain.")
                Optional<Path> certificate,
        @Description(
                        "PEM file with the private key of the certificate, as PKCS#8 (BEGIN PRIVATE KEY or BEGIN"
                                + " ENCRYPTED PRIVATE KEY).")
                Optional<Path> key,
        @Description("Password of the private key, if it is encrypted.")
                Optional<Secret> keyPassword) {}
