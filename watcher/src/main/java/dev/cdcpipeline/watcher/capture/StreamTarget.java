package dev.cdcpipeline.watcher.capture;

/** Where a change stream is opened. */
public sealed interface StreamTarget {
    /** The database the {@code aggregate} command goes to. */
    String database();

    /** The whole cluster. */
    record Cluster() implements StreamTarget {
        @Override
        public String database() {
            return "admin";
        }

        @Override
        public String toString() {
            return "the whole cluster";
        }
    }

    /** One database. */
    record Database(String database) implements StreamTarget {
        @Override
        public String toString() {
            return "database " + database;
        }
    }

    /** One collection. */
    record Collection(String database, String collection) implements StreamTarget {
        @Override
        public String toString() {
            return "collection " + database + "." + collection;
        }
    }
}
