package dev.cdcpipeline.cli.verify;

import dev.cdcpipeline.model.Namespace;

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
            return "%s %s has a row and is not in MongoDB".formatted(namespace, rowKey);
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
