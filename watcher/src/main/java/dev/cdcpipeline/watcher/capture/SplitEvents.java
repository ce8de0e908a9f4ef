package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.BsonBytes;
import dev.cdcpipeline.model.BsonCursor;
import dev.cdcpipeline.model.RawDocument;

import org.bson.BsonNumber;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts events over 16 MB together again. The server sends the top-level fields of such an event in
 * fragments, each with a field {@code splitEvent} and a resume token of its own (MongoDB manual,
 * "$changeStreamSplitLargeEvent"). The whole has the token of its last fragment, so that nobody
 * resumes in its midst. Not thread-safe.
 */
final class SplitEvents {
    private static final byte[] SPLIT_EVENT = "splitEvent".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "_id".getBytes(StandardCharsets.US_ASCII);

    private final CaptureListener listener;
    private final List<RawDocument> fragments = new ArrayList<>();

    SplitEvents(CaptureListener listener) {
        this.listener = listener;
    }

    /**
     * The event that is complete with this document: most often the document itself; null when more
     * is to come.
     */
    @Nullable RawDocument add(RawDocument document) {
        RawDocument split = splitEvent(document);
        if (split == null) {
            return document;
        }
        int number = number(split, "fragment");
        int of = number(split, "of");
        if (number != fragments.size() + 1 || number > of) {
            throw new IllegalStateException(
                    "fragment "
                            + number
                            + " of "
                            + of
                            + " of a large event came after "
                            + fragments.size()
                            + " fragments");
        }
        fragments.add(document);
        if (number < of) {
            return null;
        }
        RawDocument whole = merge();
        fragments.clear();
        listener.splitEvent();
        return whole;
    }

    /** Whether an event has begun and is not complete. */
    boolean incomplete() {
        return !fragments.isEmpty();
    }

    /**
     * Forgets an incomplete event, which comes again from its first fragment when the stream is
     * opened again.
     */
    void clear() {
        fragments.clear();
    }

    private static @Nullable RawDocument splitEvent(RawDocument document) {
        BsonCursor field = document.cursor();
        while (field.next()) {
            if (field.nameIs(SPLIT_EVENT)) {
                return field.document();
            }
        }
        return null;
    }

    private static int number(RawDocument split, String name) {
        if (split.get(name) instanceof BsonNumber number) {
            return number.intValue();
        }
        throw new IllegalStateException("the server's splitEvent has no " + name);
    }

    private RawDocument merge() {
        int size = fragments.stream().mapToInt(RawDocument::length).sum();
        byte[] whole = new byte[size];
        int end = Integer.BYTES;
        for (int i = 0; i < fragments.size(); i++) {
            RawDocument fragment = fragments.get(i);
            boolean last = i == fragments.size() - 1;
            BsonCursor field = fragment.cursor();
            int start = fragment.offset() + Integer.BYTES;
            while (field.next()) {
                if (field.nameIs(ID) ? last : !field.nameIs(SPLIT_EVENT)) {
                    int length = field.valueEnd() - start;
                    System.arraycopy(field.array(), start, whole, end, length);
                    end += length;
                }
                start = field.valueEnd();
            }
        }
        whole[end++] = 0;
        BsonBytes.putInt32(whole, 0, end);
        return RawDocument.wrap(whole, 0, end);
    }
}
