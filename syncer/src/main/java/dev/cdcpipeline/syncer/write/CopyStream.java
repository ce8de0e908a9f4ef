package dev.cdcpipeline.syncer.write;

import dev.cdcpipeline.model.wire.JsonSlice;
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
        JsonSlice json = upsert.json();
        long version = upsert.version().value();
        room(2 + 4);
        int16(COLUMNS);
        int32(text.length);
        bytes(text, 0, text.length);
        room(4 + 1);
        int32(json.length() + 1);
        buffer[size++] = JSONB_VERSION;
        bytes(json.array(), json.start(), json.length());
        room(4 + 8);
        int32(Long.BYTES);
        int32((int) (version >>> 32));
        int32((int) version);
    }

    /** Ends it; from here on the rows are in the transaction. */
    void end() throws SQLException {
        room(2);
        int16(-1);
        flush();
        copy.endCopy();
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
