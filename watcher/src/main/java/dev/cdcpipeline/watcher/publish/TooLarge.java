package dev.cdcpipeline.watcher.publish;

/** What to do with a record that Kafka never takes. */
public enum TooLarge {
    /** Stop and tell the operator. */
    STOP,
    /** Tell the dead-letter topic which one it was, and go on. */
    DEAD_LETTER
}
