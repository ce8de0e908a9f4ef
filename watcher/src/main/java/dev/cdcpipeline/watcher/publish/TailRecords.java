package dev.cdcpipeline.watcher.publish;

import dev.cdcpipeline.kafka.TopicName;
import dev.cdcpipeline.model.ChangeEvent;
import dev.cdcpipeline.model.MalformedMessageException;
import dev.cdcpipeline.model.Namespace;
import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.EventReader;
import dev.cdcpipeline.model.wire.RecordHeaders;
import dev.cdcpipeline.model.wire.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Makes {@link Tails} of the last records of topics. One thread. */
final class TailRecords {
    private final String prefix;
    private final Predicate<Namespace> scope;
    private final StreamIds ids;
    private final EventReader reader = new EventReader();
    private final Map<StreamId, Tails.StreamTail> mine = new HashMap<>();
    private final Set<String> silent = new TreeSet<>();
    private Tails.@Nullable Tail newest;

    TailRecords(String prefix, Predicate<Namespace> scope, StreamIds ids) {
        this.prefix = prefix;
        this.scope = scope;
        this.ids = ids;
    }

    /** Whether a topic may be one of the scope, as far as its name tells. */
    boolean mayBeOurs(String topic) {
        return isOursByName(topic)
                || (topic.startsWith(prefix + ".") && TopicName.mayBeHashed(topic));
    }

    private boolean isOursByName(String topic) {
        return TopicName.namespace(prefix, topic).filter(scope).isPresent();
    }

    /** Whether it is known by now what was durable. */
    boolean saysWhatWasDurable() {
        return !mine.isEmpty();
    }

    /** A topic has had records, which are gone. */
    void emptied(String topic) {
        silent.add(topic);
    }

    void add(ConsumerRecord<byte[], byte @Nullable []> record) {
        ChangeEvent event = event(record.value());
        if (event != null && !belongs(record.topic(), event)) {
            return;
        }
        RecordHeaders headers = headers(record);
        Position position = headers == null ? null : headers.position();
        if (headers == null || position == null) {
            silent.add(record.topic());
            return;
        }
        var tail = new Tails.Tail(record.topic(), position);
        newest = newest == null ? tail : newer(newest, tail);
        StreamId stream = headers.stream();
        Position durable = durable(record);
        if (event != null && stream != null && durable != null && ids.isMine(stream)) {
            mine.merge(stream, new Tails.StreamTail(tail, event, durable), TailRecords::newer);
        }
    }

    private static Tails.Tail newer(Tails.Tail one, Tails.Tail other) {
        return one.position().compareTo(other.position()) < 0 ? other : one;
    }

    /** What was durable once is durable for good, so that the newest place counts. */
    private static Tails.StreamTail newer(Tails.StreamTail one, Tails.StreamTail other) {
        boolean later = one.last().position().compareTo(other.last().position()) < 0;
        Tails.StreamTail last = later ? other : one;
        Position durable =
                one.durable().compareTo(other.durable()) < 0 ? other.durable() : one.durable();
        return new Tails.StreamTail(last.last(), last.event(), durable);
    }

    private @Nullable ChangeEvent event(byte @Nullable [] value) {
        try {
            return value == null ? null : reader.read(value);
        } catch (MalformedMessageException notAnEvent) {
            return null;
        }
    }

    private static @Nullable RecordHeaders headers(ConsumerRecord<?, ?> record) {
        try {
            return RecordHeaders.read(name -> header(record, name));
        } catch (MalformedMessageException notOurs) {
            return null;
        }
    }

    private static @Nullable Position durable(ConsumerRecord<?, ?> record) {
        byte[] bytes = header(record, RecordHeaders.DURABLE);
        try {
            return bytes == null ? null : RecordHeaders.position(bytes);
        } catch (MalformedMessageException notOurs) {
            return null;
        }
    }

    private static byte @Nullable [] header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    /** Two Watchers with other prefixes or scopes may have topics whose names look like ours. */
    private boolean belongs(String topic, ChangeEvent event) {
        List<Namespace> named;
        try {
            named =
                    Stream.of(event.namespace(), event.renamedTo())
                            .filter(Objects::nonNull)
                            .filter(each -> !each.isDatabase())
                            .toList();
        } catch (MalformedMessageException notAnEvent) {
            named = List.of();
        }
        return named.isEmpty()
                ? isOursByName(topic)
                : named.stream().anyMatch(each -> scope.test(each) && isTopicOf(topic, each));
    }

    private boolean isTopicOf(String topic, Namespace namespace) {
        return topic.equals(TopicName.of(prefix, namespace))
                || topic.equals(TopicName.hashed(prefix, namespace));
    }

    Tails tails() {
        List<Tails.StreamTail> newestFirst =
                mine.values().stream()
                        .sorted(
                                Comparator.comparing(
                                                (Tails.StreamTail tail) -> tail.last().position())
                                        .reversed())
                        .toList();
        return new Tails(newest, newestFirst, silent);
    }
}
