package dev.cdcpipeline.platform.failure;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** An exception and its causes. */
public final class Causes {
    private Causes() {}

    /** From the outermost one to the first cause; a loop of causes ends where it begins again. */
    public static List<Throwable> of(Throwable thrown) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        var causes = new ArrayList<Throwable>();
        for (Throwable each = thrown; each != null && seen.add(each); each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    /** Returns the message of the first cause that has one; the type where none has. */
    public static String deepest(Throwable thrown) {
        String said = thrown.getClass().getSimpleName();
        for (Throwable each : of(thrown)) {
            String message = each.getMessage();
            if (message != null && !message.isBlank()) {
                said =
                        each instanceof UnknownHostException
                                ? "no such host: " + message.strip()
                                : message.strip();
            }
        }
        return said;
    }
}
