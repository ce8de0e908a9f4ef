package dev.cdcpipeline.model.json;

import org.jspecify.annotations.Nullable;

/**
 * The names that make a JSON object stand for something else when they come first in it. A user's
 * document with such a field is written raw, lest a reader take it for what it is not.
 */
public enum Wrapper {
    OID("$oid"),
    DATE("$date"),
    NUMBER_LONG("$numberLong"),
    TIMESTAMP("$timestamp"),
    NUMBER_DECIMAL("$numberDecimal"),
    BINARY("$binary"),
    NUMBER_DOUBLE("$numberDouble"),
    NUMBER_INT("$numberInt"),
    UUID("$uuid"),
    REGULAR_EXPRESSION("$regularExpression"),
    REGEX("$regex"),
    UNDEFINED("$undefined"),
    MIN_KEY("$minKey"),
    MAX_KEY("$maxKey"),
    CODE("$code"),
    SYMBOL("$symbol"),
    DB_POINTER("$dbPointer"),
    RAW("$cdc.raw");

    private static final Wrapper[] ALL = values();

    private final String wrapperName;

    Wrapper(String wrapperName) {
        this.wrapperName = wrapperName;
    }

    /** The wrapper of this name, given as UTF-8; null when there is none. */
    public static @Nullable Wrapper of(byte[] bytes, int from, int end) {
        for (Wrapper wrapper : ALL) {
            if (Names.equal(wrapper.wrapperName, bytes, from, end)) {
                return wrapper;
            }
        }
        return null;
    }
}
