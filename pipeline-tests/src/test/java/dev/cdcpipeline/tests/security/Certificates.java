package dev.cdcpipeline.tests.security;

import dev.cdcpipeline.embedded.ServerTls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/** An authority of the test's own, and the files of what it signs; valid for a day. */
final class Certificates {
    private final Path folder;
    private final X509Bundle authority;
    private final X509Bundle stranger;

    /** Makes the authority, and another one that nobody knows. */
    Certificates(Path folder) throws Exception {
        this.folder = folder;
        this.authority = authority("CN=authority");
        this.stranger = authority("CN=stranger");
        write("authority.pem", authority.getCertificatePEM());
        write("stranger.pem", stranger.getCertificatePEM());
    }

    private static X509Bundle authority(String name) throws Exception {
        return from(Instant.now(), name).setIsCertificateAuthority(true).buildSelfSigned();
    }

    private static CertificateBuilder from(Instant begin, String name) {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .notBefore(begin.minus(Duration.ofDays(1)))
                .notAfter(begin.plus(Duration.ofDays(1)));
    }

    /** The authority's certificate. */
    Path authority() {
        return folder.resolve("authority.pem");
    }

    /** The certificate of the authority that nobody knows. */
    Path stranger() {
        return folder.resolve("stranger.pem");
    }

    /** For a server that is called {@code localhost}, and not by its address. */
    ServerTls server() throws Exception {
        return files(
                "server",
                from(Instant.now(), "CN=localhost")
                        .addSanDnsName("localhost")
                        .buildIssuedBy(authority));
    }

    /** For a server that is called by its address. */
    X509Bundle addressed() throws Exception {
        return from(Instant.now(), "CN=member")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    /** For a client of this name. */
    ServerTls client(String name) throws Exception {
        return files(name, from(Instant.now(), "CN=" + name).buildIssuedBy(authority));
    }

    /** For a client of this name, and no longer valid. */
    ServerTls expired(String name) throws Exception {
        return files(
                name + "-expired",
                from(Instant.now().minus(Duration.ofDays(30)), "CN=" + name)
                        .buildIssuedBy(authority));
    }

    private ServerTls files(String name, X509Bundle bundle) throws IOException {
        Path key = write(name + ".key", bundle.getPrivateKeyPEM());
        // PostgreSQL and its driver insist on it.
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path der = folder.resolve(name + ".pk8");
        Files.write(der, bundle.getKeyPair().getPrivate().getEncoded());
        Files.setPosixFilePermissions(der, PosixFilePermissions.fromString("rw-------"));
        write(name + "-both.pem", bundle.getPrivateKeyPEM() + "\n" + bundle.getCertificatePEM());
        return new ServerTls(write(name + ".pem", bundle.getCertificatePEM()), key, authority());
    }

    /** A client's key and certificate in one file, as Kafka wants it. */
    Path both(String name) {
        return folder.resolve(name + "-both.pem");
    }

    /** A client's key in DER, as PostgreSQL's driver wants it. */
    Path der(String name) {
        return folder.resolve(name + ".pk8");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
