package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.Namespace;

/** Counts what a test asks for. */
class CountingListener implements CaptureListener {
    int splitEvents;
    int nullLookUps;
    int movedDocuments;

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
    public void movedDocument() {
        movedDocuments++;
    }

    @Override
    public void asked(String command) {}

    @Override
    public void unanswered() {}

    @Override
    public void received(int events, int bytes) {}

    @Override
    public void lookingUp(Namespace namespace) {}

    @Override
    public void lookedUp() {}
}
