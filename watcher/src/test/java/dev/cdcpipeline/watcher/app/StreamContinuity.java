package dev.cdcpipeline.watcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.OperationType;
import dev.cdcpipeline.model.ResumeToken;
import dev.cdcpipeline.model.wire.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What every stream in the topics promises: in each partition, after each record comes the next
 * event of the partition, or one that the stream has had there. An update may be missing: its
 * document was gone when it was looked up, and its delete follows.
 */
final class StreamContinuity {
    private final Map<Where, List<Topic.Published>> records = new HashMap<>();

    private record Where(String topic, int partition) {}

    /** Takes the next record of a topic's partition. */
    void add(String topic, Topic.Published record) {
        records.computeIfAbsent(new Where(topic, record.partition()), key -> new ArrayList<>())
                .add(record);
    }

    /** How many streams there are. */
    long streams() {
        return records.values().stream()
                .flatMap(List::stream)
                .map(each -> each.headers().stream())
                .distinct()
                .count();
    }

    /** Checks what has come, when nothing more is to come. */
    void check() {
        records.forEach(StreamContinuity::check);
    }

    private static void check(Where where, List<Topic.Published> partition) {
        NavigableMap<ResumeToken, OperationType> events = new TreeMap<>();
        partition.forEach(each -> events.put(token(each), each.event().operationType()));
        Map<@Nullable StreamId, ResumeToken> reached = new HashMap<>();
        for (Topic.Published each : partition) {
            StreamId stream = each.headers().stream();
            assertThat(stream).as("a record without a stream in %s", where).isNotNull();
            ResumeToken token = token(each);
            ResumeToken before = reached.get(stream);
            if (before == null || token.compareTo(before) > 0) {
                if (before != null) {
                    assertThat(events.subMap(before, false, token, false).values())
                            .as("what %s leaves out in %s", stream, where)
                            .allMatch(OperationType.UPDATE::equals);
                }
                reached.put(stream, token);
            }
            if (each.durable() != null) {
                assertThat(each.durable().token()).isLessThan(token);
            }
        }
    }

    private static ResumeToken token(Topic.Published record) {
        return record.event().resumeToken();
    }
}
