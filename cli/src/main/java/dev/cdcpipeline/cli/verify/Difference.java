package dev.cdcpipeline.cli.verify;

import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.syncer.schema.FormerRowKey;

/** One document and its row that do not say the same. */
public sealed interface Difference {

    /** The collection. */
    Namespace namespace();

    /** The text under which the row stands, or would stand, in the column {@code _id}. */
    String rowKey();

    /** The difference as a sentence. */
    String sentence();

    /** A document that has no row. */
    record Missing(Namespace namespace, String rowKey) implements Difference {
        @Override
        public String sentence() {
            return "%s %s is in MongoDB and has no row".formatted(namespace, rowKey);
        }
    }

    /** A row that has no document. */
    record Surplus(Namespace namespace, String rowKey) implements Difference {
        @Override
        public String sentence() {
            String today = FormerRowKey.canonical(rowKey);
            return today.equals(rowKey)
                    ? "%s %s has a row and is not in MongoDB".formatted(namespace, rowKey)
                    : "%s %s has a row by a key of an older version, which the Syncer makes %s when it next starts and writes to the table"
                            .formatted(namespace, rowKey, today);
        }
    }

    /** A document whose row says something else. */
    record Different(Namespace namespace, String rowKey, Mismatch mismatch) implements Difference {
        @Override
        public String sentence() {
            return "%s %s differs at %s: MongoDB has %s, PostgreSQL has %s"
                    .formatted(
                            namespace,
                            rowKey,
                            mismatch.path(),
                            mismatch.expected(),
                            mismatch.found());
        }
    }
}
