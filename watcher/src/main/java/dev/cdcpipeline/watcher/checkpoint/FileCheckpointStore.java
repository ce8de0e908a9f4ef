package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A checkpoint in a file: one line with the checksum, then the checkpoint as JSON.
 *
 * <p>It survives a power cut between any two system calls: the new file is written aside and
 * synced, the current one becomes {@code .previous}, the new one becomes current, and the folder is
 * synced. A missing or torn current file means the previous one. A lock file keeps a second Watcher
 * away.
 */
public final class FileCheckpointStore implements CheckpointStore {
    private final Disk disk;
    private final String current;
    private final String previous;
    private final String aside;
    private final AutoCloseable lock;
    private @Nullable Checkpoint saved;

    FileCheckpointStore(Disk disk, String name, AutoCloseable lock) {
        this.disk = disk;
        this.current = name;
        this.previous = name + ".previous";
        this.aside = name + ".new";
        this.lock = lock;
    }

    /**
     * Opens a store, creating the folder when it is missing.
     *
     * @throws IOException when the folder cannot be used, or another process uses the file
     */
    public static FileCheckpointStore open(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null || absolute.getFileName() == null) {
            throw new IOException("the checkpoint path " + file + " is not a file");
        }
        Files.createDirectories(folder);
        String name = absolute.getFileName().toString();
        return new FileCheckpointStore(
                new Disk.Folder(folder), name, lock(folder.resolve(name + ".lock")));
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            // Held by another store of this process: reported below like one of another process.
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        if (held == null) {
            throw new IOException(
                    "another Watcher uses the checkpoint of "
                            + path
                            + ": stop it, or give this one a checkpoint file of its own (watcher.checkpoint.file.path)");
        }
        return channel;
    }

    @Override
    public Optional<Checkpoint> load() throws IOException {
        Optional<byte[]> newest = disk.read(current);
        Optional<Checkpoint> found = newest.flatMap(FileCheckpointStore::verified);
        if (found.isEmpty()) {
            Optional<byte[]> older = disk.read(previous);
            found = older.flatMap(FileCheckpointStore::verified);
            if (found.isEmpty() && (newest.isPresent() || older.isPresent())) {
                throw new UnusableCheckpointException(
                        "the checkpoint file "
                                + current
                                + " and its predecessor are both damaged: put a"
                                + " backup in its place, or remove both: the Watcher then goes on where the"
                                + " records in its topics say, or says what to set (watcher.start)");
            }
        }
        saved = found.orElse(null);
        return found;
    }

    @Override
    public void save(Checkpoint checkpoint) throws IOException {
        Checkpoint before = saved;
        if (before != null && checkpoint.position().compareTo(before.position()) < 0) {
            return;
        }
        disk.write(aside, withChecksum(checkpoint.toJson()));
        disk.sync(aside);
        if (disk.read(current).flatMap(FileCheckpointStore::verified).isPresent()) {
            disk.rename(current, previous);
        }
        disk.rename(aside, current);
        disk.syncFolder();
        saved = checkpoint;
    }

    private static byte[] withChecksum(byte[] json) {
        byte[] line = (checksum(json, 0) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[line.length + json.length];
        System.arraycopy(line, 0, all, 0, line.length);
        System.arraycopy(json, 0, all, line.length, json.length);
        return all;
    }

    private static Optional<Checkpoint> verified(byte[] file) {
        int start = 9;
        if (file.length <= start
                || !new String(file, 0, start, StandardCharsets.US_ASCII)
                        .equals(checksum(file, start) + "\n")) {
            return Optional.empty();
        }
        byte[] json = new byte[file.length - start];
        System.arraycopy(file, start, json, 0, json.length);
        return Optional.of(Checkpoint.fromJson(json));
    }

    private static String checksum(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, bytes.length - offset);
        return String.format("%08x", crc.getValue());
    }

    @Override
    public void close() throws IOException {
        try {
            lock.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the lock of " + current + " cannot be released", e);
        }
    }
}
