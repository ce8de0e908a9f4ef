package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.model.Namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of topics. */
public final class TopicName {
    private static final int KAFKA_MAX = 249;
    private static final int HASH_DIGITS = 16;

    private TopicName() {}

    /**
     * {@code prefix.database.collection}. What Kafka does not allow in a name becomes {@code _},
     * and what is too long is cut; then a hash of the namespace makes the name unique again.
     */
    public static String of(String prefix, Namespace namespace) {
        String exact = exact(prefix, namespace);
        if (legal(exact).equals(exact) && exact.length() <= KAFKA_MAX) {
            return exact;
        }
        return hashed(prefix, namespace);
    }

    /**
     * The name with a hash, also for a collection whose plain name is fit: Kafka does not let two
     * topics differ only in {@code .} and {@code _}.
     */
    public static String hashed(String prefix, Namespace namespace) {
        String legal = legal(exact(prefix, namespace));
        String hash = "-" + hash(namespace.toString());
        return legal.substring(0, Math.min(legal.length(), KAFKA_MAX - hash.length())) + hash;
    }

    private static String exact(String prefix, Namespace namespace) {
        return prefix + "." + namespace.database() + "." + namespace.collection();
    }

    private static String legal(String name) {
        return name.replaceAll("[^a-zA-Z0-9._-]", "_");
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
