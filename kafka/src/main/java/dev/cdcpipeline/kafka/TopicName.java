package dev.cdcpipeline.kafka;

import dev.cdcpipeline.model.Namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of topics. */
public final class TopicName {
    private static final int KAFKA_MAX = 249;
    private static final int HASH_DIGITS = 16;
    private static final Pattern HASHED = Pattern.compile("-[0-9a-f]{" + HASH_DIGITS + "}$");

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

    /**
     * Returns the name that a collection's topic gets beside those that exist: the one with a hash
     * if the plain one would differ from another topic's in {@code .} and {@code _} only.
     */
    public static String among(Set<String> existing, String prefix, Namespace namespace) {
        String plain = of(prefix, namespace);
        boolean taken =
                !existing.contains(plain)
                        && existing.stream().anyMatch(each -> collide(each, plain));
        return taken ? hashed(prefix, namespace) : plain;
    }

    private static boolean collide(String one, String other) {
        return one.replace('.', '_').equals(other.replace('.', '_'));
    }

    /** Returns the name without its hash, if it has one. */
    public static String withoutHash(String topic) {
        return HASHED.matcher(topic).replaceFirst("");
    }

    /**
     * Whose topic this is by its name; none when it has another prefix. Of a name with a hash, what
     * is said is a name like the collection's.
     */
    public static Optional<Namespace> namespace(String prefix, String topic) {
        int start = prefix.length() + 1;
        int dot = topic.indexOf('.', start);
        if (!topic.startsWith(prefix + ".") || dot <= start || dot == topic.length() - 1) {
            return Optional.empty();
        }
        return Optional.of(new Namespace(topic.substring(start, dot), topic.substring(dot + 1)));
    }

    /** Whether a name may have a hash, so that it does not tell whose topic it is. */
    public static boolean mayBeHashed(String topic) {
        return HASHED.matcher(topic).find();
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
