package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The {@code failCommand} fail point, in the form in which drivers' tests configure it: {@code
 * {configureFailPoint: "failCommand", mode: {times: n} | "alwaysOn" | "off", data: {failCommands,
 * errorCode, closeConnection, blockConnection, blockTimeMS, appName, errorLabels}}}. Thread-safe.
 *
 * <p>See https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point.
 */
public final class FailPoints {

    /**
     * What to do with a command.
     *
     * @param error the error to answer, null for none
     * @param closeConnection whether to cut the connection instead of answering
     * @param blockMillis how long to wait first
     */
    record Failure(@Nullable CommandError error, boolean closeConnection, long blockMillis) {}

    private Document data = new Document();
    private int times;
    private int skip;

    void addTo(Map<String, Command> commands) {
        commands.put("configureFailPoint", this::configure);
    }

    private Document configure(Request request) {
        if (!"failCommand".equals(request.body().get("configureFailPoint"))) {
            throw new CommandError(
                    3,
                    "FailPointSetFailed",
                    "failpoint not found: " + request.body().get("configureFailPoint"));
        }
        configure(request.body().get("mode"), request.document("data"));
        return new Document();
    }

    /**
     * Sets the fail point.
     *
     * @param mode "off", "alwaysOn", {times: n}, or {skip: n}
     * @param failure the fail point's data
     */
    public synchronized void configure(@Nullable Object mode, Document failure) {
        data = failure;
        skip = 0;
        switch (mode) {
            case String text when text.equals("off") -> times = 0;
            case String text when text.equals("alwaysOn") -> times = Integer.MAX_VALUE;
            case Document count when count.get("times") instanceof Number number ->
                    times = number.intValue();
            case Document count when count.get("skip") instanceof Number number -> {
                skip = number.intValue();
                times = Integer.MAX_VALUE;
            }
            case null, default ->
                    throw new CommandError(9, "FailedToParse", "Invalid fail point mode");
        }
    }

    /** The failure that this command meets, null when it meets none. */
    synchronized @Nullable Failure failureOf(Request request) {
        if (times == 0 || !applies(request)) {
            return null;
        }
        if (skip > 0) {
            skip--;
            return null;
        }
        if (times != Integer.MAX_VALUE) {
            times--;
        }
        long block =
                Boolean.TRUE.equals(data.get("blockConnection"))
                        ? ((Number) data.getOrDefault("blockTimeMS", 0)).longValue()
                        : 0;
        return new Failure(error(request), Boolean.TRUE.equals(data.get("closeConnection")), block);
    }

    private boolean applies(Request request) {
        Object application = data.get("appName");
        return data.get("failCommands") instanceof Collection<?> names
                && names.contains(request.name())
                && (application == null
                        || application.equals(request.connection().applicationName()));
    }

    private @Nullable CommandError error(Request request) {
        if (!(data.get("errorCode") instanceof Number code)) {
            return null;
        }
        String[] labels =
                data.get("errorLabels") instanceof List<?> given
                        ? given.stream().map(String::valueOf).toArray(String[]::new)
                        : ErrorCodes.labels(code.intValue(), request).toArray(String[]::new);
        return new CommandError(
                code.intValue(),
                ErrorCodes.name(code.intValue()),
                "Failing command via 'failCommand' failpoint",
                labels);
    }
}
