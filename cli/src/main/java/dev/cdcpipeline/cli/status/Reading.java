package dev.cdcpipeline.cli.status;

import dev.cdcpipeline.platform.status.StatusReport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * What a service said when it was asked.
 *
 * @param report its {@code /status}; null if it gave none
 * @param nanoTime when it was asked, by {@link System#nanoTime}
 * @param failure why it gave none; empty if it did
 */
record Reading(@Nullable StatusReport report, long nanoTime, String failure) {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Asks a service at its address, {@code http://localhost:8080}. */
    static Reading of(HttpClient client, URI address) throws InterruptedException {
        long now = System.nanoTime();
        String body;
        try {
            var request = HttpRequest.newBuilder(address.resolve("/status")).timeout(LIMIT).build();
            body = client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            String message = e.getMessage();
            return failed(now, message == null ? "connection refused" : message);
        } catch (IllegalArgumentException e) {
            return failed(now, "not an address such as http://localhost:8080");
        }
        try {
            return new Reading(StatusReport.parse(body), now, "");
        } catch (IOException e) {
            return failed(now, "what answers there is not a service of this version of cdc");
        }
    }

    private static Reading failed(long now, String why) {
        return new Reading(null, now, why);
    }
}
