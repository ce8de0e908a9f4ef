package dev.cdcpipeline.platform.failure;

/** What to do about a failure. */
public enum Reaction {
    /** It may pass: try again after a wait. */
    RETRY,
    /** It will not pass by itself: stop and tell the operator. */
    STOP,
    /** It is the data's: put the record into the dead-letter topic and go on (I6). */
    DEAD_LETTER
}
