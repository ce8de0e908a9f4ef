package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.watcher.capture.Endings;

import java.time.Duration;

/**
 * Keeps to itself what it hears.
 *
 * @param meanwhile is run at each wait for what is in flight
 */
record SilentListener(Runnable meanwhile) implements PublishListener {
    @Override
    public void sent(Namespace namespace, String operation, int bytes) {}

    @Override
    public void durable(int records) {}

    @Override
    public void waiting() {
        meanwhile.run();
    }

    @Override
    public void stalled(Duration silence, String reason) {}

    @Override
    public void idle() {}

    @Override
    public void died(Throwable cause) {}

    @Override
    public void confirmed(long nanos) {}

    @Override
    public void notCopied(Namespace from, Namespace to) {}

    @Override
    public void notEnded(Namespace collection, Endings.Ending ending, Version version) {}

    @Override
    public void deadLetter(Namespace namespace, Position position, int bytes) {}
}
