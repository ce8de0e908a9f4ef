package dev.cdcpipeline.watcher.capture;

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

    /** The server is asked now; {@link #received} or {@link #unanswered} follows. */
    void asked();

    /** There is no reply. */
    void unanswered();

    /**
     * A reply of the server has arrived.
     *
     * @param events how many events it had
     * @param bytes its size
     */
    void received(int events, int bytes);
}
