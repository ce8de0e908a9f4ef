package dev.cdcpipeline.syncer.plan;

import dev.cdcpipeline.model.Version;
import dev.cdcpipeline.model.wire.DocumentSlice;
import dev.cdcpipeline.syncer.schema.TableName;

/** What one record means for the tables. */
sealed interface Effect {

    /** The document is there. */
    record Put(
            TableName table,
            String key,
            Version version,
            DocumentSlice document,
            boolean insert,
            RecordView origin)
            implements Effect {}

    /** The document is gone. */
    record Remove(TableName table, String key, Version version) implements Effect {}

    /** Rows of an older version are gone, once every partition said so, if all of them do. */
    record Sweep(TableName table, Version version, boolean everywhere) implements Effect {}

    /** Nothing for the tables. */
    record None() implements Effect {}
}
