package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The oplog as the collection {@code local.oplog.rs}: what readers of its two ends want, its times,
 * kinds and namespaces. The operations themselves ({@code o}, {@code o2}) are not shown.
 *
 * <p>See https://www.mongodb.com/docs/manual/core/replica-set-oplog/.
 */
public final class OplogCollection {

    private final Oplog oplog;

    public OplogCollection(Oplog oplog) {
        this.oplog = oplog;
    }

    public static boolean isNamed(Namespace namespace) {
        return namespace.equals(new Namespace("local", "oplog.rs"));
    }

    /** Its documents in their natural order, or from the newest to the oldest. */
    public Stream<Document> documents(boolean newestFirst) {
        long first = oplog.first();
        long end = oplog.end();
        return LongStream.range(first, end)
                .map(position -> newestFirst ? end - 1 - (position - first) : position)
                .mapToObj(this::at)
                .flatMap(List::stream)
                .map(OplogCollection::document);
    }

    /** No entry where the log has been cut meanwhile. */
    private List<OplogEntry> at(long position) {
        List<OplogEntry> entry = new ArrayList<>(1);
        return oplog.read(position, 1, entry) ? entry : List.of();
    }

    private static Document document(OplogEntry entry) {
        Document document = new Document("op", kind(entry.operation()));
        String namespace =
                entry.operation() instanceof Operation.Noop ? "" : entry.namespace().toString();
        document.append("ns", namespace);
        if (entry.collection() != null) {
            document.append("ui", entry.collection());
        }
        return document.append("ts", entry.time())
                .append("t", 1L)
                .append("v", 2L)
                .append("wall", entry.wall());
    }

    private static String kind(Operation operation) {
        return switch (operation) {
            case Operation.Insert _ -> "i";
            case Operation.Update _, Operation.Replace _ -> "u";
            case Operation.Delete _ -> "d";
            case Operation.Drop _,
                    Operation.Rename _,
                    Operation.DropDatabase _,
                    Operation.Expanded _ ->
                    "c";
            case Operation.Noop _ -> "n";
        };
    }
}
