package dev.cdcpipeline.embedded.mongo.contract;

import static dev.cdcpipeline.embedded.mongo.contract.Bson.doc;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an update event says was changed.
 *
 * <p>Rests on the MongoDB manual, "Change Events", section "update Event" ({@code
 * updateDescription}: {@code updatedFields}, {@code removedFields}, {@code truncatedArrays}; Path
 * Disambiguation), and "Update Operators".
 */
@ExtendWith(MongoContract.class)
@DisplayName("Change Events, update Event: updateDescription")
class UpdateDescriptionTest {

    private static final String DOCUMENT =
            "{_id: 1, a: 1, s: 'x', n: {b: 1, c: [1, 2, 3], d: {e: 1, f: 2}},"
                    + " tags: ['p', 'q'], arr: [{k: 1, v: 'a', in: [{z: 1}]}, {k: 2, v: 'b'}],"
                    + " num: {'0': 'zero', '1': {x: 1}}, scores: [5, 7], empty: []}";

    /** Updates, the fields updated, the fields removed. */
    static Stream<Arguments> updates() {
        return Stream.of(
                update("{$set: {'arr.0.in.0.z': 5}}", "{'arr.0.in.0.z': 5}"),
                update("{$set: {'arr.1': {k: 9}}}", "{'arr.1': {k: 9}}"),
                update("{$set: {'num.0': 'null'}}", "{'num.0': 'null'}"),
                update("{$set: {'num.1.x': 2}}", "{'num.1.x': 2}"),
                update("{$set: {'arr.0.new': 1}}", "{'arr.0.new': 1}"),
                update("{$set: {n: {}}}", "{n: {}}"),
                update("{$set: {'n.d': [1]}}", "{'n.d': [1]}"),
                update("{$set: {a: null, fresh: null}}", "{a: null, fresh: null}"),
                update("{$unset: {'n.d.e': ''}}", "{}", "n.d.e"),
                update("{$unset: {'n.d': '', s: ''}}", "{}", "n.d", "s"),
                update("{$unset: {'arr.0.k': ''}}", "{}", "arr.0.k"),
                update("{$set: {a: 2}, $unset: {s: ''}}", "{a: 2}", "s"),
                update("{$rename: {s: 'n.moved'}}", "{'n.moved': 'x'}", "s"),
                update("{$rename: {'n.b': 'b'}}", "{b: 1}", "n.b"),
                update("{$inc: {a: 2, 'n.b': -1}}", "{a: 3, 'n.b': 0}"),
                update("{$inc: {fresh: 4}}", "{fresh: 4}"),
                update("{$mul: {a: {$numberLong: '3'}}}", "{a: {$numberLong: '3'}}"),
                update("{$max: {a: 9}, $min: {'n.b': 0}}", "{a: 9, 'n.b': 0}"),
                update("{$bit: {a: {or: 6}}}", "{a: 7}"),
                update("{$push: {tags: 'r'}}", "{'tags.2': 'r'}"),
                update("{$push: {tags: {$each: ['r', 's']}}}", "{'tags.2': 'r', 'tags.3': 's'}"),
                update("{$push: {'arr.0.in': {z: 2}}}", "{'arr.0.in.1': {z: 2}}"),
                update("{$push: {fresh: 'x'}}", "{fresh: ['x']}"),
                update("{$push: {tags: {$each: ['o'], $position: 0}}}", "{tags: ['o', 'p', 'q']}"),
                update("{$push: {tags: {$each: ['a'], $sort: 1}}}", "{tags: ['a', 'p', 'q']}"),
                update("{$push: {tags: {$each: ['r'], $slice: 2}}}", "{tags: ['p', 'q']}"),
                update("{$push: {empty: 'x'}}", "{empty: ['x']}"),
                update("{$push: {tags: {$each: ['r'], $position: 2}}}", "{tags: ['p', 'q', 'r']}"),
                update("{$addToSet: {tags: {$each: ['q', 'r']}}}", "{tags: ['p', 'q', 'r']}"),
                update("{$pull: {'n.c': {$gte: 2}}}", "{'n.c': [1]}"),
                update("{$pull: {arr: {k: 1}}}", "{arr: [{k: 2, v: 'b'}]}"),
                update("{$pullAll: {tags: ['p', 'q']}}", "{tags: []}"),
                update("{$pop: {'n.c': -1}}", "{'n.c': [2, 3]}"),
                update("{$inc: {'scores.$[]': 10}}", "{scores: [15, 17]}"));
    }

    private static Arguments update(String update, String updated, String... removed) {
        return Arguments.of(update, updated, List.of(removed));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("updates")
    void saysWhatTheUpdateChanged(
            String update, String updated, List<String> removed, TestDatabase db) {
        db.insert("items", DOCUMENT);
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", update);

        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().update("items", "1", updated, removed, "[]"));
    }

    @Test
    void aPathThatTheUpdateMadeIsReportedByItsFirstNewPart(TestDatabase db) {
        db.insert("items", DOCUMENT);
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "{$set: {'n.x.y.z': 1, 'p.q': 2}}");

        // Document diffs (5.0) insert the new sub-document whole; before, the path was logged.
        String updated =
                db.version().atLeast(5, 0)
                        ? "{'n.x': {y: {z: 1}}, p: {q: 2}}"
                        : "{'n.x.y.z': 1, 'p.q': 2}";
        assertThat(db.shapesOf(stream)).containsExactly(db.shapes().update("items", "1", updated));
    }

    @Test
    void anArrayElementPastTheEndFillsUpWithNulls(TestDatabase db) {
        db.insert("items", "{_id: 1, arr: ['a']}");
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "{$set: {'arr.3': 'd'}}");

        assertThat(db.collection("items").find())
                .containsExactly(doc("{_id: 1, arr: ['a', null, null, 'd']}"));
        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().update("items", "1", "{'arr.3': 'd'}"));
    }

    @Test
    void anArrayElementUnsetIsSetToNull(TestDatabase db) {
        db.server().requires(5, 0, "document diffs, which report the element as updated");
        db.insert("items", "{_id: 1, arr: ['a', 'b']}");
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "{$unset: {'arr.0': ''}}");

        assertThat(db.shapesOf(stream))
                .containsExactly(db.shapes().update("items", "1", "{'arr.0': null}"));
    }

    @Test
    @DisplayName("Update Operators, $[<identifier>]: one element by its path, several as the array")
    void elementsThatMatchArrayFilters(TestDatabase db) {
        db.insert("items", "{_id: 1, g: [{s: 1}, {s: 2}, {s: 3}]}");
        RawStream stream = db.watch("items");
        String update =
                "{update: 'items', updates: [{q: {_id: 1}, u: {$set: {'g.$[e].t': true}},"
                        + " arrayFilters: [{'e.s': {$gte: %d}}]}]}";

        db.run(update, 3);
        db.run(update, 1);

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().update("items", "1", "{'g.2.t': true}"),
                        db.shapes()
                                .update(
                                        "items",
                                        "1",
                                        "{g: [{s: 1, t: true}, {s: 2, t: true}, {s: 3, t: true}]}"));
    }

    @Test
    void theCurrentDateIsReportedAsItWasSet(TestDatabase db) {
        db.insert("items", DOCUMENT);
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "{$currentDate: {at: true, ts: {$type: 'timestamp'}}}");

        BsonDocument stored = db.collection("items").find().into(new ArrayList<>()).getFirst();
        BsonDocument updated =
                db.drain(stream)
                        .getFirst()
                        .getDocument("updateDescription")
                        .getDocument("updatedFields");
        assertThat(updated.getDateTime("at")).isEqualTo(stored.getDateTime("at"));
        assertThat(updated.getTimestamp("ts")).isEqualTo(stored.getTimestamp("ts"));
    }

    @Test
    @DisplayName(
            "update Event, truncatedArrays: pipeline updates; before 5.0 they are replacements")
    void aPipelineUpdateReportsTheDifference(TestDatabase db) {
        String text = "*".repeat(200);
        db.insert(
                "items",
                "{_id: 1, a: 1, big: '%s', arr: ['%s', {a: '%s'}, 1, 2]}"
                        .formatted(text, text, text));
        RawStream stream = db.watch("items");

        db.update(
                "items",
                "{_id: 1}",
                "[{$set: {a: 2, arr: ['%s', {a: '%s', b: 3}]}}]".formatted(text, text));
        db.update("items", "{_id: 1}", "[{$unset: 'a'}]");

        List<BsonDocument> shapes = db.shapesOf(stream);
        if (db.version().atLeast(5, 0)) {
            assertThat(shapes)
                    .containsExactly(
                            db.shapes()
                                    .update(
                                            "items",
                                            "1",
                                            "{a: 2, 'arr.1.b': 3}",
                                            List.of(),
                                            "[{field: 'arr', newSize: 2}]"),
                            db.shapes().update("items", "1", "{}", "a"));
        } else {
            assertThat(Shapes.types(shapes)).containsExactly("replace", "replace");
        }
    }

    @Test
    @DisplayName("seen on 4.9: what is nested is reported whole where its difference is no shorter")
    void aPipelineUpdateReportsShortValuesWhole(TestDatabase db) {
        db.server().requires(4, 9, "document diffs");
        db.insert(
                "items",
                "{_id: 1, n: {a: 1, b: 2}, a: [1, 2], long: '%s'}".formatted("*".repeat(200)));
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "[{$set: {'n.b': 3}}]");
        db.update("items", "{_id: 1}", "[{$set: {a: [1]}}]");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes().update("items", "1", "{n: {a: 1, b: 3}}"),
                        db.shapes().update("items", "1", "{a: [1]}"));
    }

    @Test
    @DisplayName("update Event, truncatedArrays: the array's new size and nothing more")
    void aPipelineUpdateThatOnlyShortensAnArray(TestDatabase db) {
        db.server().requires(5, 0, "truncatedArrays");
        db.insert("items", "{_id: 1, array: ['foo', {a: 'bar'}, 1, 2, 3]}");
        RawStream stream = db.watch("items");

        db.update("items", "{_id: 1}", "[{$set: {array: ['foo', {a: 'bar'}]}}]");

        assertThat(db.shapesOf(stream))
                .containsExactly(
                        db.shapes()
                                .update(
                                        "items",
                                        "1",
                                        "{}",
                                        List.of(),
                                        "[{field: 'array', newSize: 2}]"));
    }

    @Test
    @DisplayName("update Event, Path Disambiguation (6.1 on, with showExpandedEvents)")
    void ambiguousPathsAreSpelledOut(TestDatabase db) {
        db.server().requires(6, 1, "disambiguatedPaths");
        db.insert("items", "{_id: 1, 'home.town': 'a', n: {'0': 'x'}, arr: [1, 2]}");
        RawStream stream =
                db.watch(db.stream("items").with("showExpandedEvents", BsonBoolean.TRUE));

        db.update("items", "{_id: 1}", "{$set: {'n.0': 'y'}}");
        db.update("items", "{_id: 1}", "{$set: {'arr.0': 5}}");
        db.update(
                "items",
                "{_id: 1}",
                "[{$replaceWith: {$setField:"
                        + " {field: 'home.town', input: '$$ROOT', value: 'b'}}}]");

        assertThat(db.drain(stream))
                .extracting(
                        event ->
                                event.getDocument("updateDescription")
                                        .getDocument("disambiguatedPaths"))
                .containsExactly(
                        doc("{'n.0': ['n', '0']}"), doc("{}"), doc("{'home.town': ['home.town']}"));
    }
}
