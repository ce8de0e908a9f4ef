package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeoutException;

/** The exceptions of the JDK. */
final class JavaFailures {

    private JavaFailures() {}

    static @Nullable Failure recognize(Throwable thrown) {
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
