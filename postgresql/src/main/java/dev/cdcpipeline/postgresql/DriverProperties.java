package dev.cdcpipeline.postgresql;

import org.postgresql.PGProperty;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Properties of the JDBC driver: the operator's, by the driver's own names, and ours. */
public final class DriverProperties {
    /** The operator's own classes, which may read properties that the driver does not know. */
    private static final Set<PGProperty> PLUG_INS =
            Set.of(
                    PGProperty.SOCKET_FACTORY,
                    PGProperty.SSL_FACTORY,
                    PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME);

    /** By a name in any case: an environment variable has none, the driver's names do. */
    private static final Map<String, PGProperty> KNOWN = known();

    private DriverProperties() {}

    private static Map<String, PGProperty> known() {
        var known = new TreeMap<String, PGProperty>(String.CASE_INSENSITIVE_ORDER);
        for (PGProperty property : PGProperty.values()) {
            known.put(property.getName(), property);
        }
        return known;
    }

    /** Those of the names that the driver would ignore without a word. */
    public static List<String> unknown(Set<String> given) {
        boolean any =
                given.stream()
                        .map(KNOWN::get)
                        .anyMatch(each -> each != null && PLUG_INS.contains(each));
        return any
                ? List.of()
                : given.stream().filter(name -> !KNOWN.containsKey(name)).sorted().toList();
    }

    /** The operator's properties by the names that the driver knows, which heeds their case. */
    private static Map<String, String> named(Map<String, String> given) {
        var named = new HashMap<String, String>();
        given.forEach(
                (name, value) -> {
                    PGProperty property = KNOWN.get(name);
                    named.put(property == null ? name : property.getName(), value);
                });
        return named;
    }

    /**
     * The operator's properties, and what they leave open.
     *
     * @param answerSeconds how long to wait for an answer, if the operator does not say
     */
    static Map<String, String> of(Map<String, String> given, int answerSeconds) {
        var all = new HashMap<String, String>();
        all.put(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        // On a line that is dead no answer comes, and nothing else would end the wait.
        all.put(PGProperty.SOCKET_TIMEOUT.getName(), Integer.toString(answerSeconds));
        // The driver's own check, but for how it says no.
        all.put(PGProperty.SSL_HOSTNAME_VERIFIER.getName(), StrictHostnameVerifier.class.getName());
        // Its details quote keys and values of rows, and messages end up in logs.
        all.put(PGProperty.LOG_SERVER_ERROR_DETAIL.getName(), "false");
        all.putAll(named(given));
        return all;
    }
}
