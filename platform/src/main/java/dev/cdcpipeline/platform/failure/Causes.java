package dev.cdcpipeline.platform.failure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/** An exception and its causes. */
final class Causes {
    private Causes() {}

    /** From the outermost one to the first cause; a loop of causes ends where it begins again. */
    static List<Throwable> of(Throwable thrown) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        var causes = new ArrayList<Throwable>();
        for (Throwable each = thrown; each != null && seen.add(each); each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    /** What the first cause that says anything says. */
    static String deepest(Throwable thrown) {
        String said = thrown.getClass().getSimpleName();
        for (Throwable each : of(thrown)) {
            String message = each.getMessage();
            if (message != null && !message.isBlank()) {
                said = message.strip();
            }
        }
        return said;
    }
}
