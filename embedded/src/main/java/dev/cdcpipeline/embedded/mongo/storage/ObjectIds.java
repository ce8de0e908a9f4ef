package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.bson.ObjectId;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * New object ids in MongoDB's form: 4 bytes of seconds, 5 random bytes of the process, a counter of
 * 3 bytes.
 */
public final class ObjectIds {

    private static final byte[] PROCESS = new byte[5];
    private static final AtomicInteger COUNTER;

    static {
        SecureRandom random = new SecureRandom();
        random.nextBytes(PROCESS);
        COUNTER = new AtomicInteger(random.nextInt());
    }

    private ObjectIds() {}

    public static ObjectId next() {
        int seconds = (int) Clock.systemUTC().instant().getEpochSecond();
        int counter = COUNTER.incrementAndGet();
        ByteBuffer id = ByteBuffer.allocate(12).putInt(seconds).put(PROCESS);
        id.put((byte) (counter >> 16)).put((byte) (counter >> 8)).put((byte) counter);
        return new ObjectId(id.array());
    }
}
