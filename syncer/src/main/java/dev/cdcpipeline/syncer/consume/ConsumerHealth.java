package dev.cdcpipeline.syncer.consume;

import dev.cdcpipeline.platform.health.Component;
import dev.cdcpipeline.platform.health.Heartbeat;

import java.time.Duration;

/**
 * How it is told whether consuming works.
 *
 * @param component whether records are read and written
 * @param heartbeat beaten at every turn
 * @param stallTimeout how long a partition may stand still before the component is down
 */
public record ConsumerHealth(Component component, Heartbeat heartbeat, Duration stallTimeout) {}
