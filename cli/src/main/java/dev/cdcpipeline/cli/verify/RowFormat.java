package dev.cdcpipeline.cli.verify;

import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** How documents stand in their rows, and so how the two are compared. */
@FunctionalInterface
interface RowFormat {

    /** The first place at which the row does not say what the document says; null when it does. */
    @Nullable Mismatch mismatch(BsonDocument document, String row);
}
