package dev.cdcpipeline.platform.lifecycle;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hears SIGTERM and SIGINT for as long as it is open.
 *
 * <p>By the JVM's own handling a signal ends the process with code 143 or 130 whatever was drained,
 * and a second one is ignored. Only {@code sun.misc.Signal} (of the exported module {@code
 * jdk.unsupported}) changes that. It is called reflectively, because the compiler warns of it
 * unconditionally.
 */
final class Signals implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);
    private static final List<String> NAMES = List.of("TERM", "INT");

    private final Map<Object, @Nullable Object> replaced = new HashMap<>();

    private Signals() {}

    /**
     * Starts to hear.
     *
     * @param heard called with the signal's name, {@code SIGTERM}, on a thread of the JVM
     */
    static Signals on(Consumer<String> heard) {
        var signals = new Signals();
        for (var name : NAMES) {
            try {
                signals.handle(name, heard);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                // The JVM was started with -Xrs, or has no jdk.unsupported.
                log.warn("SIG{} cannot be handled: a stop will not drain", name, e);
            }
        }
        return signals;
    }

    @SuppressWarnings("ReferenceEquality") // the identity of the proxy is its equality
    private void handle(String name, Consumer<String> heard) throws ReflectiveOperationException {
        var signalType = Class.forName("sun.misc.Signal");
        var handlerType = Class.forName("sun.misc.SignalHandler");
        var signal = signalType.getConstructor(String.class).newInstance(name);
        var handler =
                Proxy.newProxyInstance(
                        handlerType.getClassLoader(),
                        new Class<?>[] {handlerType},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "handle" -> {
                                        heard.accept("SIG" + name);
                                        yield null;
                                    }
                                    case "equals" -> proxy == arguments[0];
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    default -> "handler of SIG" + name;
                                });
        replaced.put(signal, install(signal, handler));
    }

    private static @Nullable Object install(Object signal, @Nullable Object handler)
            throws ReflectiveOperationException {
        var handlerType = Class.forName("sun.misc.SignalHandler");
        try {
            return signal.getClass()
                    .getMethod("handle", signal.getClass(), handlerType)
                    .invoke(null, signal, handler);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Gives the signals back to whoever had them. */
    @Override
    public void close() {
        replaced.forEach(
                (signal, handler) -> {
                    try {
                        install(signal, handler);
                    } catch (ReflectiveOperationException e) {
                        log.warn("{} stays handled", signal, e);
                    }
                });
    }
}
