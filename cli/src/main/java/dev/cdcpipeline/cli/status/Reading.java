package dev.cdcpipeline.cli.status;

import org.bson.BsonDocument;
import org.bson.BsonInvalidOperationException;
import org.bson.json.JsonParseException;
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
 * @param health its {@code /health}; null if it did not answer
 * @param metrics its {@code /metrics}
 * @param nanoTime when it was asked, by {@link System#nanoTime}
 * @param failure why it did not answer; empty if it did
 */
record Reading(@Nullable BsonDocument health, Scrape metrics, long nanoTime, String failure) {
    /** What there is to say of an answer that no service of ours gives. */
    static final String SOMEBODY_ELSE = "who answers is not a service of ours";

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Asks a service at its address, {@code http://localhost:8080}. */
    static Reading of(HttpClient client, URI address) throws InterruptedException {
        long now = System.nanoTime();
        try {
            String health = get(client, address.resolve("/health"));
            String metrics = get(client, address.resolve("/metrics"));
            return new Reading(BsonDocument.parse(health), Scrape.parse(metrics), now, "");
        } catch (IOException e) {
            String message = e.getMessage();
            return failed(now, message == null ? "nobody listens there" : message);
        } catch (JsonParseException | BsonInvalidOperationException e) {
            return failed(now, SOMEBODY_ELSE);
        } catch (IllegalArgumentException e) {
            return failed(now, "not an address such as http://localhost:8080");
        }
    }

    private static Reading failed(long now, String why) {
        return new Reading(null, Scrape.EMPTY, now, why);
    }

    private static String get(HttpClient client, URI address)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
