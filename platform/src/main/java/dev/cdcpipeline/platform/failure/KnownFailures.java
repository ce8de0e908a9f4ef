package dev.cdcpipeline.platform.failure;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
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
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.concurrent.TimeoutException;

/** The exceptions of the JDK, of JDBC and of Kafka's client. */
final class KnownFailures {

    private KnownFailures() {}

    static @Nullable Failure ofKafka(Throwable thrown) {
        return switch (thrown) {
            case InterruptException _, WakeupException _ -> new Failure.Interrupted();
            // A bare KafkaException wraps what happened.
            case KafkaException kafka when kafka.getClass() != KafkaException.class ->
                    new Failure.KafkaError(kafka.getClass());
            default -> null;
        };
    }

    static @Nullable Failure ofSql(Throwable thrown) {
        if (thrown instanceof BatchUpdateException batch && batch.getNextException() != null) {
            return ofSql(batch.getNextException()); // the batch's own state is its first one's
        }
        if (thrown instanceof SQLException sql && sql.getSQLState() != null) {
            return new Failure.SqlError(sql.getSQLState());
        }
        return switch (thrown) {
            // Without a state these come from the pool: no connection within the time allowed.
            case SQLTransientException _ -> new Failure.Timeout();
            case SQLRecoverableException _ -> new Failure.Network();
            default -> null;
        };
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
