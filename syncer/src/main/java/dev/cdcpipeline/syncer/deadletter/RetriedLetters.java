package dev.cdcpipeline.syncer.deadletter;

import dev.cdcpipeline.platform.retry.Retry;
import dev.cdcpipeline.syncer.plan.BadRecord;

import java.util.List;

/**
 * Tries until the letters are kept. The retry is theirs alone: what it tells of its attempts is
 * said of the dead letters, not of the database that the worker writes to otherwise.
 *
 * @param letters where the records go
 * @param retry says how often to try, and tells of it
 */
public record RetriedLetters(DeadLetters letters, Retry retry) implements DeadLetters {

    @Override
    public void send(List<BadRecord> bad) throws Exception {
        retry.run("writing dead letters", () -> letters.send(bad));
    }
}
