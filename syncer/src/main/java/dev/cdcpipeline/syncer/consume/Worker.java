package dev.cdcpipeline.syncer.consume;

/** A thread that takes batches from the queue and writes them, one after the other. */
final class Worker implements Runnable {
    private final WorkQueue queue;
    private final Applier applier;
    private final Inbox inbox;

    Worker(WorkQueue queue, Applier applier, Inbox inbox) {
        this.queue = queue;
        this.applier = applier;
        this.inbox = inbox;
    }

    @Override
    public void run() {
        try {
            while (runOnce()) {
                // each turn is a batch
            }
        } catch (Throwable e) { // else the thread would be gone, and nobody know
            inbox.put(new Report.Failed(e));
        }
    }

    /** Writes the next batch; false if there will be none. */
    private boolean runOnce() throws Exception {
        Batch batch = queue.take();
        if (batch == null) {
            return false;
        }
        applier.apply(batch);
        batch.release();
        queue.done(batch);
        return true;
    }
}
