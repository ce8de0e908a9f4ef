package dev.cdcpipeline.watcher.checkpoint;

import org.jspecify.annotations.Nullable;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Where Redis is, as an operator writes it: one server, a master that sentinels know, or a cluster.
 *
 * <ul>
 *   <li>{@code host:port} or {@code redis://user:password@host:port/database}
 *   <li>{@code redis-sentinel://user:password@sentinel1:26379,sentinel2:26379/database#master}
 *   <li>{@code redis-cluster://user:password@node1:6379,node2:6379}
 * </ul>
 *
 * A port that is left out is Redis' own. With {@code rediss} in front instead of {@code redis} the
 * connections are encrypted. User and password are those of the servers that hold the data.
 * Immutable.
 */
public final class RedisAddress {
    private static final String EXPECTED =
            "host:port, redis://user:password@host:port/database,"
                    + " redis-sentinel://sentinel1:26379,sentinel2:26379/database#master, or"
                    + " redis-cluster://node1:6379,node2:6379; rediss... with TLS";

    private final URI uri;
    private final Kind kind;
    private final Set<HostAndPort> nodes;

    private enum Kind {
        ONE,
        SENTINEL,
        CLUSTER
    }

    private RedisAddress(URI uri, Kind kind, Set<HostAndPort> nodes) {
        this.uri = uri;
        this.kind = kind;
        this.nodes = nodes;
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException when it is none, with the forms it may have; it does not
     *     repeat the text, which may hold a password
     */
    public static RedisAddress parse(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "redis://" + text);
            Kind kind = kind(uri.getScheme());
            boolean masterMissing = kind == Kind.SENTINEL && uri.getFragment() == null;
            if (masterMissing || uri.getRawAuthority() == null) {
                throw new IllegalArgumentException("something is missing");
            }
            return new RedisAddress(uri, kind, nodes(uri));
        } catch (IllegalArgumentException | IndexOutOfBoundsException withTheText) {
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    private static Kind kind(String scheme) {
        return switch (scheme) {
            case "redis", "rediss" -> Kind.ONE;
            case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
            case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
            default -> throw new IllegalArgumentException("an unknown scheme");
        };
    }

    private static Set<HostAndPort> nodes(URI uri) {
        String authority = uri.getRawAuthority();
        String port = kind(uri.getScheme()) == Kind.SENTINEL ? ":26379" : ":6379";
        Set<HostAndPort> nodes = new LinkedHashSet<>();
        for (String node : authority.substring(authority.lastIndexOf('@') + 1).split(",", -1)) {
            if (node.isEmpty()) {
                throw new IllegalArgumentException("a host is missing");
            }
            boolean withPort = node.matches(".*:\\d+");
            nodes.add(HostAndPort.from(withPort ? node : node + port));
        }
        return nodes;
    }

    /**
     * A client of it, which connects when it is first used; to sentinels and clusters at once.
     *
     * @param tls whom to trust where the address wants TLS
     */
    public UnifiedJedis connect(SSLContext tls) {
        JedisClientConfig data =
                config(tls)
                        .user(credential(0))
                        .password(credential(1))
                        .database(database())
                        .build();
        return switch (kind) {
            case ONE ->
                    RedisClient.builder()
                            .hostAndPort(nodes.iterator().next())
                            .clientConfig(data)
                            .build();
            case SENTINEL ->
                    RedisSentinelClient.builder()
                            .masterName(uri.getFragment())
                            .sentinels(nodes)
                            .clientConfig(data)
                            .sentinelClientConfig(config(tls).build())
                            .build();
            case CLUSTER -> RedisClusterClient.builder().nodes(nodes).clientConfig(data).build();
        };
    }

    // What replaces the deprecated methods takes key stores in files only; ours are made of PEM.
    @SuppressWarnings("deprecation")
    private DefaultJedisClientConfig.Builder config(SSLContext tls) {
        var config = DefaultJedisClientConfig.builder().clientName("cdc-watcher");
        if (uri.getScheme().startsWith("rediss")) {
            var parameters = new SSLParameters();
            // Without this a certificate for any other host would do (RFC 2818).
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            config.ssl(true).sslSocketFactory(tls.getSocketFactory()).sslParameters(parameters);
        }
        return config;
    }

    private int database() {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return path.length() > 1 ? Integer.parseInt(path.substring(1)) : 0;
    }

    /** Hosts and ports, as an operator may be shown them. */
    public String places() {
        return nodes.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }

    /** The user of the servers that hold the data; null for the default one. */
    public @Nullable String user() {
        return credential(0);
    }

    /** User (0) or password (1), null when there is none. */
    private @Nullable String credential(int index) {
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        String[] both = authority.substring(0, at).split(":", 2);
        String found = index < both.length ? both[index] : "";
        return found.isEmpty()
                ? null
                : URLDecoder.decode(found.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The kind only: the address may hold a password. */
    @Override
    public String toString() {
        return "RedisAddress[" + kind + "]";
    }
}
