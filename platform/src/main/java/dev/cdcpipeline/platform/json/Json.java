package dev.cdcpipeline.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import java.io.IOException;

/**
 * Records as JSON and back: what the services serve for programs, and what the command line reads
 * of it. Instants are written as ISO 8601, enum constants in lower case, null is left out. A field
 * that a reader does not know is passed over, so that an older command line reads a newer service.
 * Thread-safe.
 */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private Json() {}

    /** A record as JSON, on one line. */
    public static String write(Record value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "a record of ours cannot be written as JSON: " + value.getClass(), e);
        }
    }

    /**
     * Reads a record.
     *
     * @throws IOException if the text is no JSON, or is not of this shape
     */
    public static <T extends Record> T read(String json, Class<T> type) throws IOException {
        return MAPPER.readValue(json, type);
    }
}
