package dev.cdcpipeline.benchmarks;

import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.model.wire.JsonSlice;
import dev.cdcpipeline.model.wire.WireFormat;

import org.postgresql.PGConnection;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The limit that PostgreSQL sets: finished rows by binary COPY straight into an empty table that
 * looks like the Syncer's, through two connections, with nothing else done.
 */
final class RawCopy {
    private static final int SESSIONS = 2;
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private final String url;
    private final String user;

    RawCopy(String url, String user) {
        this.url = url;
        this.user = user;
    }

    /** Copies so many rows, made beforehand; returns rows per second. */
    double measure(int rows) throws Exception {
        execute(
                "drop table if exists raw_copy; create table raw_copy (_id text collate \"C\""
                        + " primary key, doc jsonb not null, _cdc_version bigint not null)");
        execute("checkpoint");
        var streams = new ArrayList<byte[]>();
        for (int session = 0; session < SESSIONS; session++) {
            streams.add(stream(session, rows));
        }
        long start = System.nanoTime();
        List<Thread> threads =
                streams.stream()
                        .map(bytes -> Thread.ofPlatform().start(() -> copy(bytes)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        execute("drop table raw_copy");
        execute("checkpoint");
        return rows / seconds;
    }

    private static byte[] stream(int session, int rows) throws IOException {
        var samples = new SampleRecords(WireFormat.JSON);
        var reader = new EventReader();
        var renderer = DocumentRenderer.plain();
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(HEADER);
        // Each its own range of keys, so that they do not wait for each other's index pages.
        int first = session * (rows / SESSIONS);
        int end = session == SESSIONS - 1 ? rows : first + rows / SESSIONS;
        for (int i = first; i < end; i++) {
            byte[] value = samples.insert("topic", 0, i, Instant.EPOCH).value();
            JsonSlice json =
                    renderer.render(
                            Objects.requireNonNull(
                                    reader.readOutline(value, 0, value.length, true)
                                            .fullDocument()));
            byte[] key = SampleRecords.id(i).getBytes(StandardCharsets.US_ASCII);
            out.writeShort(3);
            out.writeInt(key.length);
            out.write(key);
            out.writeInt(json.length() + 1);
            out.writeByte(1);
            out.write(json.array(), json.start(), json.length());
            out.writeInt(Long.BYTES);
            out.writeLong(i);
        }
        out.writeShort(-1);
        return bytes.toByteArray();
    }

    private void copy(byte[] stream) {
        try (Connection connection = DriverManager.getConnection(url, user, "")) {
            var copies = connection.unwrap(PGConnection.class).getCopyAPI();
            var copy = copies.copyIn("copy raw_copy from stdin binary");
            int chunk = 1 << 18;
            for (int at = 0; at < stream.length; at += chunk) {
                copy.writeToCopy(stream, at, Math.min(chunk, stream.length - at));
            }
            copy.endCopy();
        } catch (SQLException e) {
            throw new IllegalStateException("raw COPY failed", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
