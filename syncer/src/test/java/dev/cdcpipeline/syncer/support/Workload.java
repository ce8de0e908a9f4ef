package dev.cdcpipeline.syncer.support;

import org.bson.BsonString;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Changes of random documents, sent as they are made; knows what the rows must be. */
public final class Workload {
    private final Feed feed;
    private final Events events;
    private final Random random;
    private final int keys;
    private final Map<String, String> expected = new HashMap<>();
    private int sent;

    /** Changes of so many documents. */
    public Workload(Feed feed, Events events, long seed, int keys) {
        this.feed = feed;
        this.events = events;
        this.random = new Random(seed);
        this.keys = keys;
    }

    /** Sends so many changes, and waits until Kafka has them. */
    public void send(int count) {
        for (int i = 0; i < count; i++) {
            step();
        }
        feed.flush();
    }

    private void step() {
        String id = "doc-" + random.nextInt(keys);
        var key = new BsonString(id);
        sent++;
        if (expected.containsKey(id) && random.nextInt(5) == 0) {
            feed.send(events.delete(key));
            expected.remove(id);
            return;
        }
        var document = Events.document(key, sent);
        feed.send(expected.containsKey(id) ? events.update(document) : events.insert(document));
        expected.put(id, Integer.toString(sent));
    }

    /** What the rows must be: key to value. */
    public Map<String, String> expected() {
        return Map.copyOf(expected);
    }

    /** How many changes were sent. */
    public int sent() {
        return sent;
    }
}
