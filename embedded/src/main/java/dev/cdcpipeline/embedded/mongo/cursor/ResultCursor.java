package dev.cdcpipeline.embedded.mongo.cursor;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.wire.EncodedDocument;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The result of a query, which is complete when the cursor is made. */
public final class ResultCursor implements ServerCursor {

    private final Iterator<Document> documents;
    private @Nullable EncodedDocument heldOver;

    public ResultCursor(Iterable<Document> documents) {
        this.documents = documents.iterator();
    }

    @Override
    public synchronized Batch next(int limit, long awaitMillis) {
        List<EncodedDocument> batch = new ArrayList<>();
        int bytes = 0;
        while (batch.size() < limit && hasNext()) {
            EncodedDocument document = take();
            if (!batch.isEmpty() && bytes + document.size() > Batch.MAX_BYTES) {
                heldOver = document;
                break;
            }
            bytes += document.size();
            batch.add(document);
        }
        return new Batch(batch, null, !hasNext());
    }

    private boolean hasNext() {
        return heldOver != null || documents.hasNext();
    }

    private EncodedDocument take() {
        EncodedDocument held = heldOver;
        heldOver = null;
        return held != null ? held : EncodedDocument.of(documents.next());
    }
}
