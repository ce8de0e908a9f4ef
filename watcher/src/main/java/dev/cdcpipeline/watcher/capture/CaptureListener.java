package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.Namespace;

/** Hears how capturing goes; for health and metrics. Called by the reader's threads. */
public interface CaptureListener {
    /** The stream is open and answers. */
    void connected();

    /**
     * The stream broke and is opened again.
     *
     * @param cause why
     */
    void disconnected(Exception cause);

    /** An event over 16 MB came in fragments and was put together. */
    void splitEvent();

    /** An update event was left out, because its document is gone by now: its delete follows. */
    void nullLookUp();

    /**
     * A delete event was left out, because its document is there: it has another shard key value
     * now, or was inserted anew.
     */
    void movedDocument();

    /**
     * The server is asked now; {@link #received} or {@link #unanswered} follows.
     *
     * @param command with what
     */
    void asked(String command);

    /** There is no reply. */
    void unanswered();

    /**
     * A reply of the server has arrived.
     *
     * @param events how many events it had
     * @param bytes its size
     */
    void received(int events, int bytes);

    /** Documents of a collection are looked up now; {@link #lookedUp} follows. */
    void lookingUp(Namespace namespace);

    /** They were found, or the look-up failed. */
    void lookedUp();
}
