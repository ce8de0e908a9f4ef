package dev.cdcpipeline.platform.failure;

import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/** The exceptions of the JDK, of JDBC and of Kafka's client. */
final class KnownFailures {

    private KnownFailures() {}

    static @Nullable Failure ofKafka(Throwable thrown) {
        return switch (thrown) {
            case InterruptException _ -> new Failure.Interrupted();
            case ApiException api -> new Failure.KafkaError(api.getClass());
            case InvalidOffsetException offset -> new Failure.KafkaError(offset.getClass());
            default -> null; // a bare KafkaException wraps its cause
        };
    }

    static @Nullable Failure ofSql(Throwable thrown) {
        if (thrown instanceof BatchUpdateException batch && batch.getNextException() != null) {
            return ofSql(batch.getNextException());
        }
        if (thrown instanceof SQLException sql && sql.getSQLState() != null) {
            return new Failure.SqlError(sql.getSQLState());
        }
        return null;
    }

    static @Nullable Failure ofJava(Throwable thrown) {
        return switch (thrown) {
            case SocketTimeoutException _ -> new Failure.Timeout();
            case TimeoutException _ -> new Failure.Timeout();
            case InterruptedIOException _ -> new Failure.Interrupted();
            case InterruptedException _ -> new Failure.Interrupted();
            case SocketException _ -> new Failure.Network();
            case UnknownHostException _ -> new Failure.Network();
            case EOFException _ -> new Failure.Network();
            case ClosedChannelException _ -> new Failure.Network();
            case FileSystemException _ -> new Failure.Storage();
            case IOException _ -> thrown.getCause() == null ? new Failure.Network() : null;
            default -> null;
        };
    }
}
