package dev.cdcpipeline.cli.doctor;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;

/** Why something did not work, in a few words. */
public final class Reason {
    private Reason() {}

    /** What the innermost cause says, on one line. */
    public static String of(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "no answer";
        }
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        String text = message == null ? "" : message.lines().findFirst().orElse("");
        return switch (root) {
            case UnknownHostException _ -> "no such host: " + text;
            case ConnectException _ -> text.isEmpty() ? "connection refused" : text;
            case AccessDeniedException _ -> "permission denied: " + text;
            default -> text.isEmpty() ? root.getClass().getSimpleName() : text;
        };
    }
}
