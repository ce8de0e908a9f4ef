package dev.cdcpipeline.watcher.checkpoint;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.testkit.Gen;

import org.bson.BsonDocument;
import org.bson.BsonInt64;

import java.nio.ByteBuffer;

/** Generated checkpoints. */
final class Checkpoints {
    private Checkpoints() {}

    static final Identity IDENTITY = new Identity("rs0", "+shop.*", "[]");

    /** Any checkpoint. */
    static final Gen<Checkpoint> ANY =
            random ->
                    new Checkpoint(
                            new Place(
                                    new Position(
                                            Gen.longs(0, Long.MAX_VALUE).next(random),
                                            ResumeToken.ofBytes(Gen.bytes(1, 100).next(random))),
                                    Gen.booleans().next(random)
                                            ? new StreamId(Gen.longs().next(random))
                                            : null),
                            new Identity(
                                    Gen.strings(20).next(random),
                                    Gen.strings(40).next(random),
                                    Gen.strings(40).next(random)),
                            new BsonDocument("done", new BsonInt64(Gen.longs().next(random))));

    /** The checkpoint of this number; a higher number is a newer position. */
    static Checkpoint number(long number) {
        byte[] token = ByteBuffer.allocate(8).putLong(number).array();
        return new Checkpoint(
                new Place(new Position(1, ResumeToken.ofBytes(token)), new StreamId(number)),
                IDENTITY);
    }
}
