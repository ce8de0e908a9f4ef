package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Saves the durable position on a timer, on a thread of its own, so that a slow store does not hold
 * up publishing. The first position is saved at once. A failed save is tried again with the newest
 * position at the next tick (2.4).
 *
 * <p>Thread-safe. Whoever offers positions offers only durable ones (I1).
 */
public final class CheckpointSaver implements AutoCloseable {
    private static final long REPEAT_NANOS = Duration.ofSeconds(10).toNanos();

    private final CheckpointStore store;
    private final Identity identity;
    private final Duration interval;
    private final SaveListener listener;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private @Nullable Place offered;
    private @Nullable Place saved;
    private @Nullable FencedException fenced;
    private long savedAt = System.nanoTime();
    private long cleanAt = savedAt;
    private boolean attempted;
    private boolean closed;

    /** Makes a saver that has not started. */
    public CheckpointSaver(
            CheckpointStore store, Identity identity, Duration interval, SaveListener listener) {
        this.store = store;
        this.identity = identity;
        this.interval = interval;
        this.listener = listener;
        this.thread =
                Thread.ofPlatform()
                        .name("watcher-checkpoint")
                        .daemon()
                        .uncaughtExceptionHandler((_, cause) -> listener.died(cause))
                        .unstarted(this::run);
    }

    /** Starts saving. */
    public CheckpointSaver start() {
        thread.start();
        return this;
    }

    /**
     * Takes a durable place, to be saved at the next tick.
     *
     * @throws FencedException when another Watcher has taken over
     */
    public void offer(Place durable) throws FencedException {
        lock.lock();
        try {
            if (fenced != null) {
                throw fenced;
            }
            if (!durable.equals(offered)) {
                offered = durable;
                if (!attempted) {
                    changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** For how long positions have been waiting to be saved; zero when the last one is saved. */
    public Duration unsavedFor() {
        lock.lock();
        try {
            return offered == null || offered.equals(saved)
                    ? Duration.ZERO
                    : Duration.ofNanos(System.nanoTime() - cleanAt);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a position waits to be saved that this Watcher may save still. */
    public boolean hasUnsaved() {
        lock.lock();
        try {
            return fenced == null && offered != null && !offered.equals(saved);
        } finally {
            lock.unlock();
        }
    }

    /** Saves the last position once more and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean last;
        do {
            last = awaitTick();
            saveIfNew();
        } while (!last);
    }

    /** Waits for the interval; less for the first position. True when this is the last turn. */
    private boolean awaitTick() {
        lock.lock();
        try {
            long left = interval.toNanos();
            while (!closed && left > 0 && (attempted || offered == null)) {
                left = changed.awaitNanos(left);
            }
            return closed;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void saveIfNew() {
        Place place = newPlace();
        if (place == null) {
            return;
        }
        listener.saving();
        try {
            store.save(new Checkpoint(place, identity));
            done(place, null);
            listener.saved(place.position());
        } catch (FencedException e) {
            done(null, e);
            listener.failed(e);
        } catch (IOException e) {
            listener.failed(e);
        }
    }

    /** What to save now; an old position again from time to time, for a store that has lost it. */
    private @Nullable Place newPlace() {
        lock.lock();
        try {
            if (offered == null || fenced != null) {
                return null;
            }
            attempted = true;
            if (!offered.equals(saved)) {
                return offered;
            }
            cleanAt = System.nanoTime();
            return cleanAt - savedAt > REPEAT_NANOS || closed ? offered : null;
        } finally {
            lock.unlock();
        }
    }

    private void done(@Nullable Place place, @Nullable FencedException takenOver) {
        lock.lock();
        try {
            if (place != null) {
                saved = place;
                savedAt = System.nanoTime();
                cleanAt = savedAt;
            }
            fenced = takenOver;
        } finally {
            lock.unlock();
        }
    }
}
