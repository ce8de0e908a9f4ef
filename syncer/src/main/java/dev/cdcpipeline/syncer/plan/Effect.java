package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.syncer.schema.TableName;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What one record means for the tables. */
sealed interface Effect {

    /** The document is there; {@code late} if it may be gone by now. */
    record Put(
            TableName table,
            String key,
            Version version,
            DocumentSlice document,
            boolean insert,
            RecordView origin,
            @Nullable Late late)
            implements Effect {

        /** One that is not late. */
        Put(
                TableName table,
                String key,
                Version version,
                DocumentSlice document,
                boolean insert,
                RecordView origin) {
            this(table, key, version, document, insert, origin, null);
        }

        /** The same, which may be late. */
        Put as(@Nullable Late orNot) {
            return orNot == null
                    ? this
                    : new Put(table, key, version, document, insert, origin, orNot);
        }
    }

    /** The document is gone. */
    record Remove(TableName table, String key, Version version) implements Effect {}

    /** Rows of an older version are gone, once every partition said so, if all of them do. */
    record Sweep(List<TableName> tables, Version version, boolean everywhere) implements Effect {}

    /** Nothing for the tables. */
    record None() implements Effect {}
}
