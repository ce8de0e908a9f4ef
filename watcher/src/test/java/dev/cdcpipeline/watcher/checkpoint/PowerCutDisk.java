package dev.cdcpipeline.watcher.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A disk whose power goes off before a given system call. What was written and not synced is then
 * there, torn, or not there; of the renames that were not synced, any number of the first are
 * there.
 */
final class PowerCutDisk implements Disk {
    private final RandomGenerator random;
    private final Map<String, byte[]> durable = new HashMap<>();
    private final Map<String, byte[]> seen = new HashMap<>();
    private final Map<String, byte[]> unsynced = new HashMap<>();
    private final List<String[]> renames = new ArrayList<>();
    private int callsLeft = Integer.MAX_VALUE;

    PowerCutDisk(RandomGenerator random) {
        this.random = random;
    }

    /** Cuts the power before the call after so many more. */
    void cutAfter(int calls) {
        callsLeft = calls;
    }

    /** Starts again after a power cut. */
    void restart() {
        callsLeft = Integer.MAX_VALUE;
        unsynced.forEach(
                (name, bytes) -> {
                    int torn = random.nextInt(3);
                    if (torn == 0) {
                        durable.put(name, bytes);
                    } else if (torn == 1) {
                        durable.put(name, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                    }
                });
        int happened = random.nextInt(renames.size() + 1);
        renames.subList(0, happened).forEach(rename -> move(durable, rename[0], rename[1]));
        unsynced.clear();
        renames.clear();
        seen.clear();
        seen.putAll(durable);
    }

    /** Breaks a file, as a bad disk does. */
    void damage(String name) {
        byte[] bytes = seen.get(name);
        if (bytes != null && bytes.length > 0) {
            byte[] broken = bytes.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 + random.nextInt(255));
            seen.put(name, broken);
            durable.put(name, broken);
        }
    }

    private void call() throws IOException {
        if (callsLeft-- <= 0) {
            throw new IOException("the power is off");
        }
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
        call();
        return Optional.ofNullable(seen.get(name)).map(byte[]::clone);
    }

    @Override
    public void write(String name, byte[] bytes) throws IOException {
        call();
        seen.put(name, bytes.clone());
        unsynced.put(name, bytes.clone());
    }

    @Override
    public void sync(String name) throws IOException {
        call();
        byte[] bytes = unsynced.remove(name);
        if (bytes != null) {
            durable.put(name, bytes);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call();
        move(seen, from, to);
        renames.add(new String[] {from, to});
    }

    @Override
    public void syncFolder() throws IOException {
        call();
        renames.forEach(rename -> move(durable, rename[0], rename[1]));
        renames.clear();
    }

    private static void move(Map<String, byte[]> files, String from, String to) {
        byte[] bytes = files.remove(from);
        if (bytes != null) {
            files.put(to, bytes);
        }
    }
}
