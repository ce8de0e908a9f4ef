package dev.cdcpipeline.watcher.capture;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;

import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Recognizer;

import org.jspecify.annotations.Nullable;

/** Tells what an exception of the MongoDB driver stands for. */
public final class MongoRecognizer implements Recognizer {
    private static final int AUTHENTICATION_FAILED = 18;

    @Override
    public @Nullable Failure recognize(Throwable thrown) {
        return switch (thrown) {
            case MongoInterruptedException _ -> new Failure.Interrupted();
            case MongoSecurityException security -> ofSecurity(security);
            case MongoSocketReadTimeoutException _ -> new Failure.Timeout();
            case MongoSocketException _ -> new Failure.Network();
            case MongoServerUnavailableException _ -> new Failure.Network();
            // Where it has a cause, that one says more.
            case MongoConnectionPoolClearedException cleared when cleared.getCause() == null ->
                    new Failure.Network();
            case MongoTimeoutException _ -> new Failure.Timeout();
            case MongoCommandException command ->
                    new Failure.MongoError(command.getErrorCode(), command.getErrorLabels());
            case MongoException other when other.getCode() > 0 ->
                    new Failure.MongoError(other.getCode(), other.getErrorLabels());
            default -> null;
        };
    }

    /** A handshake may also fail because the connection broke in the midst of it. */
    private static Failure ofSecurity(MongoSecurityException security) {
        return security.getCause() instanceof MongoSocketException
                ? new Failure.Network()
                : new Failure.MongoError(AUTHENTICATION_FAILED);
    }
}
