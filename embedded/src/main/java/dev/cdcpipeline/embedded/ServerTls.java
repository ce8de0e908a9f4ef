package dev.cdcpipeline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server shows and trusts in TLS, as PEM files (RFC 7468).
 *
 * @param certificate its certificate
 * @param key the certificate's private key as PKCS#8, without a password
 * @param authorities who signs the certificates of clients
 */
public record ServerTls(Path certificate, Path key, Path authorities) {

    /** The text of one of the files. */
    static String text(Path pem) {
        try {
            return Files.readString(pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
