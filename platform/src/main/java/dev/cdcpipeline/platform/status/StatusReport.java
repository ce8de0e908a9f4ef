package dev.cdcpipeline.platform.status;

import dev.cdcpipeline.platform.health.HealthReport;
import dev.cdcpipeline.platform.json.Json;

import java.io.IOException;
import java.util.Objects;

/**
 * What a service is, does and has done, at one moment: {@code /status} as JSON.
 *
 * @param version of the software
 * @param health what it is doing, and what works
 * @param progress how far it has got
 */
public record StatusReport(String version, HealthReport health, Progress progress) {

    public StatusReport {
        Objects.requireNonNull(version);
        Objects.requireNonNull(health);
        Objects.requireNonNull(progress);
    }

    /** The report as JSON, on one line. */
    public String toJson() {
        return Json.write(this);
    }

    /**
     * Reads what {@code /status} serves.
     *
     * @throws IOException if it is not a report
     */
    public static StatusReport parse(String json) throws IOException {
        return Json.read(json, StatusReport.class);
    }
}
