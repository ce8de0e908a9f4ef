package dev.cdcpipeline.watcher.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The few system calls the file store makes, one method each, so that a test can cut the power
 * between any two.
 */
interface Disk {
    /** The bytes of a file, none when there is no such file. */
    Optional<byte[]> read(String name) throws IOException;

    /** Creates or overwrites a file. The bytes may be lost, or torn, until {@link #sync}. */
    void write(String name, byte[] bytes) throws IOException;

    /** Makes the bytes of a file durable. */
    void sync(String name) throws IOException;

    /**
     * Renames a file, atomically replacing the target. May be undone by a power cut until {@link
     * #syncFolder}.
     */
    void rename(String from, String to) throws IOException;

    /** Makes the renames durable. */
    void syncFolder() throws IOException;

    /** A folder of the real file system. */
    record Folder(Path folder) implements Disk {
        @Override
        public Optional<byte[]> read(String name) throws IOException {
            try {
                return Optional.of(Files.readAllBytes(folder.resolve(name)));
            } catch (NoSuchFileException absent) {
                return Optional.empty();
            }
        }

        @Override
        public void write(String name, byte[] bytes) throws IOException {
            Files.write(folder.resolve(name), bytes);
        }

        @Override
        public void sync(String name) throws IOException {
            try (FileChannel file =
                    FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
                file.force(true);
            }
        }

        @Override
        public void rename(String from, String to) throws IOException {
            Files.move(
                    folder.resolve(from),
                    folder.resolve(to),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void syncFolder() throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
