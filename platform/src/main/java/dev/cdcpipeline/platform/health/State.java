package dev.cdcpipeline.platform.health;

/** How a component is. */
public enum State {
    /** Not working yet. */
    STARTING,
    /** Working. */
    UP,
    /** Not working. */
    DOWN
}
