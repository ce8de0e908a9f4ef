package dev.cdcpipeline.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the demo shows at one moment.
 *
 * @param elapsed the time since the workload began
 * @param planned how many events the workload writes in all
 * @param written events that MongoDB has confirmed
 * @param captured events that the Watcher has read
 * @param published events that Kafka has confirmed
 * @param applied events that PostgreSQL has committed
 * @param perSecond events applied in the last second
 * @param lag of the latest samples
 * @param rows of each table, by the table's name
 * @param services how the services are, one short text each
 */
record Progress(
        Duration elapsed,
        long planned,
        long written,
        long captured,
        long published,
        long applied,
        long perSecond,
        Lag lag,
        Map<String, Long> rows,
        List<String> services) {}
