package dev.cdcpipeline.platform.health;

import java.util.Arrays;

/** Where a thread hangs, in a line. */
final class Hang {
    private static final String OWN = "dev.cdcpipeline.";

    private Hang() {}

    /** The innermost call, and the innermost one of ours. */
    static String at(StackTraceElement[] stack) {
        if (stack.length == 0) {
            return "its thread has ended";
        }
        String innermost = text(stack[0]);
        return Arrays.stream(stack)
                .filter(frame -> frame.getClassName().startsWith(OWN))
                .findFirst()
                .map(Hang::text)
                .filter(own -> !own.equals(innermost))
                .map(own -> "it is in " + innermost + ", called from " + own)
                .orElse("it is in " + innermost);
    }

    private static String text(StackTraceElement frame) {
        return frame.getClassName()
                + "."
                + frame.getMethodName()
                + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
    }
}
