package dev.cdcpipeline.platform.health;

/** How a component is. */
public enum State {
    /** Not working yet. */
    STARTING,
    /** Working. */
    UP,
    /** Not needed now and able to work at once: another instance does the work. */
    STANDBY,
    /** Not working. */
    DOWN
}
