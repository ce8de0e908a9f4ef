package dev.cdcpipeline.syncer.support;

import dev.cdcpipeline.model.Position;
import dev.cdcpipeline.model.wire.StreamId;
import dev.cdcpipeline.syncer.support.History.Entry;
import dev.cdcpipeline.syncer.support.History.Kind;
import dev.cdcpipeline.syncer.support.History.Stored;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A fault that a {@link History} may have, as it is seen in the records that are left of it. */
public enum Ingredient {
    /** Records of several streams are in one partition (S4). */
    TWO_STREAMS,
    /** An event is published once more (W3). */
    REPETITION,
    /** Compaction removed records between others (W3). */
    COMPACTION,
    /** Retention removed the first records (W3). */
    RETENTION,
    /** The generation of a stream falls back (W8). */
    GENERATION_FALLS,
    /** A dead letter is put back (S9). */
    LETTER_PUT_BACK,
    /** A collection is renamed over this one, as a Watcher of today says it (W1). */
    RENAMED_OVER,
    /** A collection is renamed over this one, in the server's words (W1). */
    RENAMED_OVER_IN_OTHER_WORDS,
    /** {@code $out} gives the collection other content, as a Watcher of today says it (W1). */
    OUT,
    /** The collection is renamed (W1). */
    RENAMED_AWAY,
    /** A replace changes the type of a number that is an {@code _id} (W4). */
    ID_OF_ANOTHER_TYPE,
    /** Events name one document by numbers of different types (W2, W4). */
    EQUAL_IDS,
    /** A document moved, and the delete of it comes after the insert (C1). */
    INVERTED_PAIR,
    /** A document moved, and the delete of it is left out (C1). */
    HALF_A_MOVE;

    /** Those that a history has. */
    public static Set<Ingredient> of(History history) {
        return Stream.of(values())
                .filter(each -> history.partitions().stream().anyMatch(each::isIn))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isIn(List<Stored> log) {
        return switch (this) {
            case TWO_STREAMS -> hasTwoStreams(log);
            case REPETITION -> hasRepetition(log);
            case COMPACTION -> hasGap(log);
            case RETENTION -> !log.isEmpty() && log.getFirst().offset() > 0;
            case GENERATION_FALLS -> isGenerationFalling(log);
            case LETTER_PUT_BACK -> log.stream().anyMatch(Stored::playedBack);
            case RENAMED_OVER -> hasKind(log, Kind.RENAMED_OVER, true);
            case RENAMED_OVER_IN_OTHER_WORDS -> hasKind(log, Kind.RENAMED_OVER, false);
            case OUT -> hasKind(log, Kind.OUT, true);
            case RENAMED_AWAY -> log.stream().anyMatch(is(Kind.RENAMED_AWAY));
            case ID_OF_ANOTHER_TYPE -> hasIdOfAnotherType(log);
            case EQUAL_IDS -> hasEqualIds(log);
            case INVERTED_PAIR -> hasInvertedPair(log);
            case HALF_A_MOVE -> hasHalfAMove(log);
        };
    }

    private static Stream<Entry> published(List<Stored> log) {
        return log.stream().filter(each -> !each.playedBack()).map(Stored::entry);
    }

    private static boolean hasTwoStreams(List<Stored> log) {
        return published(log)
                        .filter(each -> each.stream() != null)
                        .map(Entry::stream)
                        .distinct()
                        .count()
                > 1;
    }

    private static boolean hasRepetition(List<Stored> log) {
        var seen = new HashSet<Integer>();
        return published(log)
                .filter(each -> each.kind().isEvent() && each.kind() != Kind.SNAPSHOT)
                .anyMatch(each -> !seen.add(each.value()));
    }

    private static boolean hasGap(List<Stored> log) {
        return !log.isEmpty() && log.getLast().offset() - log.getFirst().offset() >= log.size();
    }

    private static boolean isGenerationFalling(List<Stored> log) {
        Map<StreamId, Long> generations = new HashMap<>();
        return published(log)
                .filter(each -> each.kind() != Kind.SNAPSHOT)
                .anyMatch(each -> isFalling(each, generations));
    }

    private static boolean isFalling(Entry entry, Map<StreamId, Long> generations) {
        StreamId stream = entry.stream();
        Position position = entry.position();
        if (stream == null || position == null) {
            return false;
        }
        Long before = generations.put(stream, position.generation());
        return before != null && before > position.generation();
    }

    private static Predicate<Stored> is(Kind kind) {
        return each -> each.entry().kind() == kind;
    }

    private static boolean hasKind(List<Stored> log, Kind kind, boolean ofStream) {
        return log.stream()
                .filter(is(kind))
                .anyMatch(each -> (each.entry().stream() != null) == ofStream);
    }

    private static boolean hasIdOfAnotherType(List<Stored> log) {
        return published(log).anyMatch(each -> !each.before().equals(each.after()));
    }

    private static boolean hasEqualIds(List<Stored> log) {
        return published(log)
                .filter(each -> each.kind().isEvent() && !each.kind().isSweep())
                .map(Entry::before)
                .distinct()
                .collect(Collectors.groupingBy(DocumentId::document, Collectors.counting()))
                .values()
                .stream()
                .anyMatch(types -> types > 1);
    }

    private static boolean hasInvertedPair(List<Stored> log) {
        var in = new HashSet<Integer>();
        published(log)
                .filter(each -> each.kind() == Kind.MOVED_IN)
                .forEach(each -> in.add(each.value()));
        return published(log)
                .filter(each -> each.kind() == Kind.MOVED_OUT)
                .anyMatch(each -> in.contains(each.value() - 1));
    }

    private static boolean hasHalfAMove(List<Stored> log) {
        Set<Integer> out =
                log.stream()
                        .filter(is(Kind.MOVED_OUT))
                        .map(each -> each.entry().value())
                        .collect(Collectors.toSet());
        return log.stream()
                .filter(is(Kind.MOVED_IN))
                .map(each -> each.entry().value())
                .anyMatch(value -> !out.contains(value - 1) && !out.contains(value + 1));
    }
}
