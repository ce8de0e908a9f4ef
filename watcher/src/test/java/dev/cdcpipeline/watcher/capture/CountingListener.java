package dev.cdcpipeline.watcher.capture;

/** Counts what a test asks for. */
final class CountingListener implements CaptureListener {
    int splitEvents;
    int nullLookUps;

    @Override
    public void connected() {}

    @Override
    public void disconnected(Exception cause) {}

    @Override
    public void splitEvent() {
        splitEvents++;
    }

    @Override
    public void nullLookUp() {
        nullLookUps++;
    }

    @Override
    public void asked() {}

    @Override
    public void unanswered() {}

    @Override
    public void received(int events, int bytes) {}
}
