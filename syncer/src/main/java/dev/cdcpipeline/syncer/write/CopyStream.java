package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.model.wire.LargeDocument;
import dev.cdcpipeline.model.wire.RenderedDocument;
import dev.cdcpipeline.syncer.plan.RowChange;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * One COPY of rows (key, document, version) in PostgreSQL's binary format (manual, COPY, "Binary
 * Format"). Sends while it fills one small buffer, so that the server works along and memory does
 * not grow with the batch.
 */
final class CopyStream {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int BUFFER = 256 << 10;
    private static final byte JSONB_VERSION = 1;
    private static final int COLUMNS = 3;

    private final CopyIn copy;
    private final byte[] buffer = new byte[BUFFER];
    private int size;

    private CopyStream(CopyIn copy) {
        this.copy = copy;
    }

    /** Begins to fill a table's columns of key, document and version. */
    static CopyStream into(Connection connection, String columns) throws SQLException {
        var copies = connection.unwrap(PGConnection.class).getCopyAPI();
        var stream = new CopyStream(copies.copyIn("copy " + columns + " from stdin binary"));
        stream.bytes(HEADER, 0, HEADER.length);
        return stream;
    }

    /** Adds rows. */
    void rows(List<RowChange.Upsert> upserts) throws SQLException {
        for (RowChange.Upsert upsert : upserts) {
            row(upsert);
        }
    }

    private void row(RowChange.Upsert upsert) throws SQLException {
        byte[] text = upsert.key().getBytes(StandardCharsets.UTF_8);
        RenderedDocument json = upsert.json();
        long version = upsert.version().value();
        room(2 + 4);
        int16(COLUMNS);
        int32(text.length);
        bytes(text, 0, text.length);
        room(4 + 1);
        int32(json.length() + 1);
        buffer[size++] = JSONB_VERSION;
        switch (json) {
            case JsonSlice slice -> bytes(slice.array(), slice.start(), slice.length());
            case LargeDocument large -> stream(large);
        }
        room(4 + 8);
        int32(Long.BYTES);
        int32((int) (version >>> 32));
        int32((int) version);
    }

    /** Sends a document while it is made, so that it is never in memory as a whole (I7). */
    private void stream(LargeDocument large) throws SQLException {
        var sent = new int[1];
        try {
            large.writeTo(
                    (text, from, count) -> {
                        try {
                            bytes(text, from, count);
                        } catch (SQLException e) {
                            throw new BrokenCopyException(e);
                        }
                        sent[0] += count;
                    });
        } catch (BrokenCopyException e) {
            throw e.cause;
        }
        if (sent[0] != large.length()) {
            throw new IllegalStateException("a document of another length than it was planned for");
        }
    }

    /** Carries what PostgreSQL says through the renderer. */
    private static final class BrokenCopyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException cause;

        BrokenCopyException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /**
     * Ends it; from here on the rows are in the transaction.
     *
     * @return how many PostgreSQL took: without those that a trigger dropped
     */
    long end() throws SQLException {
        room(2);
        int16(-1);
        flush();
        return copy.endCopy();
    }

    /** Ends it without rows, after an exception; quietly, as that exception says more. */
    void cancel() {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            // the server has ended it already
        }
    }

    private void int16(int value) {
        buffer[size++] = (byte) (value >> 8);
        buffer[size++] = (byte) value;
    }

    private void int32(int value) {
        int16(value >> 16);
        int16(value);
    }

    private void bytes(byte[] bytes, int start, int length) throws SQLException {
        if (length > buffer.length) {
            flush();
            copy.writeToCopy(bytes, start, length);
            return;
        }
        room(length);
        System.arraycopy(bytes, start, buffer, size, length);
        size += length;
    }

    private void room(int length) throws SQLException {
        if (buffer.length - size < length) {
            flush();
        }
    }

    private void flush() throws SQLException {
        if (size > 0) {
            copy.writeToCopy(buffer, 0, size);
            size = 0;
        }
    }
}
