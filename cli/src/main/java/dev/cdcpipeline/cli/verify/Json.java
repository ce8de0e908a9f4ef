package dev.cdcpipeline.cli.verify;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A JSON value as PostgreSQL's {@code jsonb} shows it. */
sealed interface Json {

    /** An object; the order of its members means nothing. */
    record Members(Map<String, Json> byName) implements Json {}

    /** An array. */
    record Elements(List<Json> inOrder) implements Json {}

    /** A string, unescaped. */
    record Text(String value) implements Json {}

    /** A number with all its digits. */
    record Numeric(BigDecimal value) implements Json {}

    /** True or false. */
    record Bool(boolean value) implements Json {}

    /** The JSON null. */
    record Null() implements Json {}
}
