package dev.cdcpipeline.embedded.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The MongoDB that tests talk to: the replica set of the environment variable {@code
 * CDC_TEST_MONGODB_URI} when that is set, an embedded one otherwise. Tests take a database name of
 * their own, which is dropped on close. Thread-safe.
 */
public final class TestMongo implements AutoCloseable {

    /** The environment variable with the connection string of a real replica set. */
    public static final String ENVIRONMENT_VARIABLE = "CDC_TEST_MONGODB_URI";

    private static final Pattern NAMES_A_WRITE_CONCERN =
            Pattern.compile("[?&]w=", Pattern.CASE_INSENSITIVE);

    private final String uri;
    private final @Nullable MongoReplicaSet embedded;
    private final Set<String> databases = ConcurrentHashMap.newKeySet();

    private TestMongo(String uri, @Nullable MongoReplicaSet embedded) {
        this.uri = uri;
        this.embedded = embedded;
    }

    /** Connects to the real replica set, or starts an embedded one of the default version. */
    public static TestMongo start() {
        return start(ServerVersion.V7_0);
    }

    /**
     * Connects to the real replica set, or starts an embedded one.
     *
     * @param version the embedded one's version; a real one has its own
     */
    public static TestMongo start(ServerVersion version) {
        String real = realUri();
        if (real != null) {
            return new TestMongo(real, null);
        }
        MongoReplicaSet embedded = MongoReplicaSet.builder().version(version).start();
        return new TestMongo(embedded.uri(), embedded);
    }

    /**
     * The connection string of the real replica set, null when there is none. Its writes wait for a
     * majority unless it says otherwise: one with {@code w: 1}, the default before 5.0, may not be
     * there yet for a majority read or a change stream that comes right after it.
     */
    public static @Nullable String realUri() {
        String real = System.getenv(ENVIRONMENT_VARIABLE);
        if (real == null || real.isBlank()) {
            return null;
        }
        if (NAMES_A_WRITE_CONCERN.matcher(real).find()) {
            return real;
        }
        boolean hasPath = real.indexOf('/', real.indexOf("://") + 3) >= 0;
        String separator = real.contains("?") ? "&" : hasPath ? "?" : "/?";
        return real + separator + "w=majority";
    }

    public String uri() {
        return uri;
    }

    public boolean isEmbedded() {
        return embedded != null;
    }

    /**
     * The embedded replica set, for faults on demand.
     *
     * @throws IllegalStateException when the tests run against a real one
     */
    public MongoReplicaSet embedded() {
        if (embedded == null) {
            throw new IllegalStateException(
                    "The tests run against a real replica set; check isEmbedded() first");
        }
        return embedded;
    }

    /** The server's whole version, such as {@code 7.0.15}. */
    public String serverVersion() {
        if (embedded != null) {
            return embedded.version().text();
        }
        try (MongoClient client = MongoClients.create(uri)) {
            return client.getDatabase("admin")
                    .runCommand(new Document("buildInfo", 1))
                    .getString("version");
        }
    }

    /**
     * The server's version as a number to compare: major times 100 plus minor, 402 for 4.2 and 700
     * for 7.0.
     */
    public int serverVersionNumber() {
        List<String> parts = List.of(serverVersion().split("[.-]"));
        return Integer.parseInt(parts.get(0)) * 100 + Integer.parseInt(parts.get(1));
    }

    /** A database name that no other test has. */
    public String newDatabase() {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        databases.add(name);
        return name;
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
            return;
        }
        try (MongoClient client = MongoClients.create(uri)) {
            databases.forEach(name -> client.getDatabase(name).drop());
        }
    }
}
