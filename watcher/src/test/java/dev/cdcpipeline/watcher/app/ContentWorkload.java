package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cdcpipeline.testkit.Gen;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Does to collections what histories have, without pause, whatever happens to the Watcher. */
final class ContentWorkload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ContentRun run;
    private final long pauseNanos;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    private ContentWorkload(ContentRun run, long pauseNanos) {
        this.run = run;
        this.pauseNanos = pauseNanos;
        this.thread = Thread.ofPlatform().name("content-workload").daemon().start(this::write);
    }

    /** Takes no more steps than so many in a second. */
    static ContentWorkload start(ContentRun run, int perSecond) {
        return new ContentWorkload(run, Duration.ofSeconds(1).toNanos() / perSecond);
    }

    private void write() {
        Random random = new Random(7);
        Gen<ContentHistory.Step> steps = ContentHistory.step();
        try {
            while (!stopped) {
                ContentHistory.Step step = steps.next(random);
                if (!(step instanceof ContentHistory.Kill)) {
                    run.take(step);
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Ends it; everything has been written. */
    void stop() {
        stopped = true;
        await().atMost(PATIENCE).until(() -> !thread.isAlive());
        assertThat(failure).isNull();
    }

    @Override
    public void close() {
        stopped = true;
    }
}
