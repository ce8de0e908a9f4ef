package dev.cdcpipeline.cli.doctor;

import dev.cdcpipeline.cli.doctor.Finding.Mark;
import dev.cdcpipeline.platform.failure.Explanation;

import java.util.function.Consumer;

/**
 * Takes what the checks of one service find, and tells it at once, as some take their time. Not
 * thread-safe.
 */
public final class Findings {
    private final Consumer<Finding> listener;
    private boolean wrong;

    /** Findings that are told to a listener. */
    public Findings(Consumer<Finding> listener) {
        this.listener = listener;
    }

    /** Is there anything that will keep a service from running? */
    public boolean anyWrong() {
        return wrong;
    }

    void ok(String what, String says) {
        listener.accept(new Finding(Mark.OK, what, says, ""));
    }

    void note(String what, String says, String mend) {
        listener.accept(new Finding(Mark.NOTE, what, says, mend));
    }

    void wrong(String what, Explanation found) {
        wrong(what, found.problem(), found.remedy());
    }

    void wrong(String what, String says, String mend) {
        wrong = true;
        listener.accept(new Finding(Mark.WRONG, what, says, mend));
    }
}
