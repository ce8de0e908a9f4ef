package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.RenderedDocument;

import org.jspecify.annotations.Nullable;

/**
 * What is to become of a row. It holds only if the row is absent or not newer than {@code version}
 * (I3).
 */
public sealed interface RowChange {

    /** The row's key, see {@link dev.cdcpipeline.syncer.schema.RowKey}. */
    String key();

    /** The version of the change. */
    Version version();

    /**
     * The row is there with this document.
     *
     * @param key the row's key
     * @param version the version of the document
     * @param json the document as JSON
     * @param likelyNew whether the row is most likely absent, as the first thing that the batch
     *     knows of it is an insert
     * @param late why it may be of a row that was deleted since; null if it cannot be
     */
    record Upsert(
            String key,
            Version version,
            RenderedDocument json,
            boolean likelyNew,
            @Nullable Late late)
            implements RowChange {

        /** One that is not late. */
        public Upsert(String key, Version version, RenderedDocument json, boolean likelyNew) {
            this(key, version, json, likelyNew, null);
        }
    }

    /**
     * The row is gone.
     *
     * @param key the row's key
     * @param version the version of the deletion
     */
    record Delete(String key, Version version) implements RowChange {}
}
