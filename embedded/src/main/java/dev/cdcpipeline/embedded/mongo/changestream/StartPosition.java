package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.oplog.OplogEntry;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in the oplog a stream begins.
 *
 * @param position the first entry it reads
 * @param notBefore the time from which on it shows events, which may be yet to come
 * @param token its resume token before it has read anything
 * @param partial an entry of which a part was seen already: its invalidate event or later fragments
 *     are still to come
 * @param fragment the last fragment of the partial entry that was seen
 * @param atATime whether the client named a time or the present, and no token
 */
record StartPosition(
        long position,
        BsonTimestamp notBefore,
        Document token,
        @Nullable OplogEntry partial,
        int fragment,
        boolean atATime) {

    static StartPosition of(
            ChangeStreamOptions.Start start,
            ChangeStreamScope scope,
            Oplog oplog,
            boolean tokenVersionTwo) {
        return switch (start) {
            case ChangeStreamOptions.Now _ -> {
                BsonTimestamp next = new BsonTimestamp(oplog.lastTime().getValue() + 1);
                yield at(next, oplog, ResumeToken.highWaterMark(next, tokenVersionTwo), true);
            }
            case ChangeStreamOptions.At at -> {
                checkHeld(oplog, at.time());
                Document token = ResumeToken.highWaterMark(at.time(), tokenVersionTwo);
                yield at(at.time(), oplog, token, true);
            }
            case ChangeStreamOptions.After after -> {
                checkHeld(oplog, after.token().time());
                yield after.token().ofEvent()
                        ? afterEvent(after, scope, oplog)
                        : at(after.token().time(), oplog, after.document(), false);
            }
        };
    }

    private static StartPosition at(
            BsonTimestamp time, Oplog oplog, Document token, boolean atATime) {
        return new StartPosition(oplog.positionOf(time), time, token, null, 0, atATime);
    }

    private static void checkHeld(Oplog oplog, BsonTimestamp time) {
        if (!oplog.reachesBackTo(time)) {
            throw historyLost();
        }
    }

    static CommandError historyLost() {
        return new CommandError(
                286,
                "ChangeStreamHistoryLost",
                "Resume of change stream was not possible, as the resume point may no longer be in the oplog.",
                CommandError.NON_RESUMABLE);
    }

    private static StartPosition afterEvent(
            ChangeStreamOptions.After after, ChangeStreamScope scope, Oplog oplog) {
        ResumeToken token = after.token();
        long position = oplog.positionOf(token.time());
        long end = oplog.end();
        if (position == end) {
            return new StartPosition(position, token.time(), after.document(), null, 0, false);
        }
        List<OplogEntry> read = new ArrayList<>();
        for (; position < end; position++) {
            read.clear();
            if (!oplog.read(position, 1, read) || read.isEmpty()) {
                throw historyLost();
            }
            OplogEntry entry = read.getFirst();
            if (!entry.time().equals(token.time())) {
                break;
            }
            if (entry.transactionIndex() == token.transactionIndex() && scope.covers(entry)) {
                boolean more =
                        token.fragment() > 0
                                || (!token.fromInvalidate() && scope.invalidatedBy(entry));
                return new StartPosition(
                        position + 1,
                        token.time(),
                        after.document(),
                        more ? entry : null,
                        token.fragment(),
                        false);
            }
        }
        throw tokenNotFound(after.document());
    }

    static CommandError notSplit() {
        return new CommandError(
                280,
                "ChangeStreamFatalError",
                "Attempted to resume from a split event fragment, but the event was not split.",
                CommandError.NON_RESUMABLE);
    }

    static CommandError tokenNotFound(Document token) {
        return new CommandError(
                280,
                "ChangeStreamFatalError",
                "cannot resume stream; the resume token was not found. " + token.toString(true),
                CommandError.NON_RESUMABLE);
    }
}
