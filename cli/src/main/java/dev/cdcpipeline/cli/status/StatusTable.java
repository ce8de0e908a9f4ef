package dev.cdcpipeline.cli.status;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small table of what the services are at. */
public final class StatusTable {
    private final List<ServiceStatus> services;

    private StatusTable(List<ServiceStatus> services) {
        this.services = services;
    }

    /**
     * Asks the services, twice, to see how fast they are.
     *
     * @param addresses of the services, by {@code watcher} and {@code syncer}
     * @param between how long between the two
     */
    public static StatusTable ask(Map<String, URI> addresses, Duration between)
            throws InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
            Map<String, Reading> first = readAll(client, addresses);
            Thread.sleep(between);
            List<ServiceStatus> services = new ArrayList<>();
            for (var each : addresses.entrySet()) {
                services.add(
                        ServiceStatus.of(
                                each.getKey(),
                                each.getValue().toString(),
                                Objects.requireNonNull(first.get(each.getKey())),
                                Reading.of(client, each.getValue())));
            }
            return new StatusTable(services);
        }
    }

    private static Map<String, Reading> readAll(HttpClient client, Map<String, URI> addresses)
            throws InterruptedException {
        Map<String, Reading> readings = new LinkedHashMap<>();
        for (var each : addresses.entrySet()) {
            readings.put(each.getKey(), Reading.of(client, each.getValue()));
        }
        return readings;
    }

    /** Do all services work? */
    public boolean allReady() {
        return services.stream().allMatch(ServiceStatus::ready);
    }

    /** The table, and under each service what is not well with it. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(ServiceStatus.HEADINGS));
        for (ServiceStatus service : services) {
            lines.add(line(service.cells()));
            service.reasons().forEach(reason -> lines.add("         " + reason));
        }
        return lines;
    }

    private static String line(List<String> cells) {
        return "%-8s %-12s %-8s %-9s %-18s %-9s %s".formatted(cells.toArray()).stripTrailing();
    }
}
