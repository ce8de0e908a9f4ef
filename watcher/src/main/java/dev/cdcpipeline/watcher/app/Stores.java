package dev.cdcpipeline.watcher.app;

import dev.cdcpipeline.platform.secret.Secret;
import dev.cdcpipeline.platform.tls.TlsContext;
import dev.cdcpipeline.watcher.checkpoint.Checkpoint;
import dev.cdcpipeline.watcher.checkpoint.CheckpointSaver;
import dev.cdcpipeline.watcher.checkpoint.CheckpointStore;
import dev.cdcpipeline.watcher.checkpoint.FileCheckpointStore;
import dev.cdcpipeline.watcher.checkpoint.Identity;
import dev.cdcpipeline.watcher.checkpoint.Lease;
import dev.cdcpipeline.watcher.checkpoint.RedisStore;
import dev.cdcpipeline.watcher.checkpoint.SaveListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * The checkpoint and the lease in the store that is configured, opened when they are first needed.
 */
final class Stores implements AutoCloseable {
    private final WatcherSettings settings;
    private final SaveListener listener;
    private Identity identity = new Identity("", "", "");
    private @Nullable CheckpointStore store;
    private Lease lease = Lease.ALONE;

    Stores(WatcherSettings settings, SaveListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /** Says what checkpoints belong to. */
    void belongTo(Identity mine) {
        identity = mine;
    }

    /** The lease of the store. */
    Lease lease() throws IOException {
        var _ = store();
        return lease;
    }

    /**
     * The checkpoint, which belongs to this Watcher. Where Watchers take turns, the one before may
     * not have noticed yet that it leads no longer, and publish beside this one: so this one begins
     * a stream of its own, and each stream holds what one of them has published, without a gap.
     */
    Optional<Checkpoint> load() throws IOException {
        Optional<Checkpoint> found = store().load();
        boolean anyScope =
                settings.checkpoint().changedScope()
                        == WatcherSettings.CheckpointSettings.ChangedScope.ACCEPT;
        found.ifPresent(checkpoint -> checkpoint.identity().requireUsableBy(identity, anyScope));
        return lease.equals(Lease.ALONE) ? found : found.map(Checkpoint::withoutStream);
    }

    /** Starts what saves the checkpoint. */
    CheckpointSaver saver() throws IOException {
        return new CheckpointSaver(store(), identity, settings.checkpoint().interval(), listener)
                .start();
    }

    /** Where the checkpoint is, for the log. */
    String place() {
        return switch (settings.checkpoint().store()) {
            case FILE ->
                    settings.checkpoint().file().path().toAbsolutePath().normalize().toString();
            case REDIS -> "cdc:{" + settings.id() + "}:checkpoint in Redis";
        };
    }

    /** The command that removes the checkpoint. */
    static String resetCommand(WatcherSettings settings) {
        return switch (settings.checkpoint().store()) {
            case FILE -> "rm " + settings.checkpoint().file().path() + "*";
            case REDIS -> "redis-cli DEL 'cdc:{" + settings.id() + "}:checkpoint'";
        };
    }

    private CheckpointStore store() throws IOException {
        CheckpointStore opened = store;
        if (opened == null) {
            opened =
                    switch (settings.checkpoint().store()) {
                        case FILE -> FileCheckpointStore.open(settings.checkpoint().file().path());
                        case REDIS -> openRedis();
                    };
            store = opened;
        }
        return opened;
    }

    private RedisStore openRedis() {
        WatcherSettings.CheckpointSettings.Redis redis = settings.checkpoint().redis();
        String url = redis.url().map(Secret::reveal).orElseThrow();
        RedisStore opened =
                RedisStore.open(
                        url,
                        TlsContext.of("watcher.checkpoint.redis.tls", redis.tls()),
                        settings.id(),
                        UUID.randomUUID().toString(),
                        redis.lease());
        lease = opened;
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (store != null) {
            store.close();
        }
    }
}
