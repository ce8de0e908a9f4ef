package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;

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
    public void confirmed(long nanos) {}

    @Override
    public void notCopied(Namespace from, Namespace to) {}

    @Override
    public void deadLetter(Namespace namespace, Position position, int bytes) {}
}
