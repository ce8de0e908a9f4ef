package dev.cdcpipeline.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The brokers to start from. Kafka's clients take it for a wrong configuration when none of their
 * names has an address, which may be so for a while only: a container that is not started yet, a
 * Service without ready pods. Whoever makes a client asks here first.
 *
 * @param text {@code host:port,host:port}
 */
public record BootstrapServers(String text) {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    /**
     * Looks the names up until one has an address.
     *
     * @throws UnknownHostException if none has one now
     */
    public void requireAddress() throws UnknownHostException {
        List<String> hosts = COMMA.splitAsStream(text.strip()).map(BootstrapServers::host).toList();
        if (hosts.stream().noneMatch(BootstrapServers::hasAddress)) {
            throw new UnknownHostException(
                    "no address is known for " + String.join(", ", hosts) + " (bootstrap-servers)");
        }
    }

    private static String host(String server) {
        int colon = server.lastIndexOf(':');
        return colon < 0 ? server : server.substring(0, colon);
    }

    private static boolean hasAddress(String host) {
        try {
            return InetAddress.getAllByName(host).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
