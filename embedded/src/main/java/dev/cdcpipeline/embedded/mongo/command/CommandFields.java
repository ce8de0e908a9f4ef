package dev.cdcpipeline.embedded.mongo.command;

import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;
import dev.cdcpipeline.embedded.mongo.wire.Fields;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Refuses commands with fields that MongoDB does not know, misses or wants in another type: a
 * misspelt {@code filter} must not find everything. What the embedded server cannot do it says.
 *
 * <p>Rests on the manual's pages of the commands. Servers since 5.0 answer 40415, 40414, 14 and
 * 51024, as they all read commands by their interface definitions; before, only writes did.
 */
final class CommandFields {

    private static final Set<String> OF_EVERY_COMMAND =
            Set.of(
                    "lsid",
                    "txnNumber",
                    "startTransaction",
                    "autocommit",
                    "stmtId",
                    "stmtIds",
                    "readConcern",
                    "writeConcern",
                    "maxTimeMS",
                    "maxTimeMSOpOnly",
                    "comment",
                    "help",
                    "apiVersion",
                    "apiStrict",
                    "apiDeprecationErrors",
                    "mayBypassWriteBlocking");

    private static final Set<String> WRITES = Set.of("insert", "update", "delete");

    /** Each command, and each kind of statement in one, with its fields and their types. */
    private static final Map<String, Map<String, Type>> COMMANDS =
            parse(
                    """
                    insert documents:array! ordered:flag bypassDocumentValidation:flag
                    update updates:array! ordered:flag bypassDocumentValidation:flag let:object
                    delete deletes:array! ordered:flag let:object
                    update.updates q:object! u:any! c:any multi:flag upsert:flag arrayFilters:array hint:any \
                      sort:object collation:collation
                    delete.deletes q:object! limit:number! hint:any collation:collation
                    find filter:object projection:object sort:object hint:any skip:count limit:count \
                      batchSize:count singleBatch:flag allowDiskUse:flag let:object min:object max:object \
                      noCursorTimeout:flag allowPartialResults:flag oplogReplay:flag returnKey:missing \
                      showRecordId:missing tailable:missing awaitData:missing collation:collation
                    aggregate pipeline:any cursor:object explain:missing allowDiskUse:flag hint:any let:object \
                      bypassDocumentValidation:flag collation:collation
                    aggregate.cursor batchSize:count
                    getMore collection:string! batchSize:count term:any lastKnownCommittedOpTime:any
                    killCursors cursors:array!
                    count query:object limit:number skip:count hint:any fields:any collation:collation
                    distinct key:string! query:object hint:any collation:collation
                    findAndModify query:object fields:object sort:object hint:any remove:flag update:any \
                      new:flag upsert:flag bypassDocumentValidation:flag arrayFilters:array let:object \
                      collation:collation
                    collMod index:object validator:missing validationLevel:missing validationAction:missing \
                      viewOn:missing pipeline:missing recordPreImages:flag \
                      changeStreamPreAndPostImages:object expireAfterSeconds:any timeseries:missing \
                      cappedSize:missing cappedMax:missing dryRun:missing
                    """);

    private final ServerVersion version;

    CommandFields(ServerVersion version) {
        this.version = version;
    }

    /** What a field may hold; {@code MISSING} is known to MongoDB but not to this server. */
    private enum Kind {
        ANY,
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        COUNT,
        FLAG,
        COLLATION,
        MISSING
    }

    private record Type(Kind kind, boolean required) {}

    private static Map<String, Map<String, Type>> parse(String table) {
        Map<String, Map<String, Type>> commands = new HashMap<>();
        for (String line : table.strip().split("\n", -1)) {
            String[] words = line.strip().split(" +", -1);
            Map<String, Type> fields = new LinkedHashMap<>();
            for (int i = 1; i < words.length; i++) {
                String[] field = words[i].split(":", -1);
                boolean required = field[1].endsWith("!");
                String kind = required ? field[1].substring(0, field[1].length() - 1) : field[1];
                fields.put(
                        field[0], new Type(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), required));
            }
            commands.put(words[0], fields);
        }
        return commands;
    }

    /** Throws the error that MongoDB answers; commands that are not in the table pass. */
    void check(Request request) {
        check(request.name(), request.name(), request.body());
        String statements =
                switch (request.name()) {
                    case "update" -> "updates";
                    case "delete" -> "deletes";
                    default -> null;
                };
        if (statements != null) {
            String owner = request.name() + "." + statements;
            request.documents(statements).forEach(each -> check(request.name(), owner, each));
        }
        if (request.name().equals("aggregate")
                && request.body().get("cursor") instanceof Document cursor) {
            check("aggregate", "aggregate.cursor", cursor);
        }
        if (WRITES.contains(request.name())) {
            checkBatch(request);
        }
    }

    private void check(String command, String owner, Document document) {
        Map<String, Type> fields = COMMANDS.get(owner);
        if (fields == null) {
            return;
        }
        document.forEach(
                (name, value) -> {
                    Type type = fields.get(name);
                    if (type != null) {
                        checkValue(command, owner + "." + name, type.kind(), value);
                    } else if (!name.equals(owner)
                            && !name.startsWith("$")
                            && !OF_EVERY_COMMAND.contains(name)) {
                        throw unknown(command, owner + "." + name);
                    }
                });
        fields.forEach(
                (name, type) -> {
                    if (type.required() && !document.containsKey(name)) {
                        throw refused(
                                command,
                                40414,
                                "BSON field '%s.%s' is missing but a required field"
                                        .formatted(owner, name));
                    }
                });
    }

    private void checkValue(String command, String field, Kind kind, @Nullable Object value) {
        boolean fits =
                switch (kind) {
                    case ANY -> true;
                    case OBJECT -> value instanceof Document || value == null;
                    case ARRAY -> value instanceof Collection;
                    case STRING -> value instanceof String;
                    case NUMBER, COUNT -> value instanceof Number;
                    case FLAG -> value instanceof Boolean || value instanceof Number;
                    case COLLATION -> isSimple(field, value);
                    case MISSING -> isOff(field, value);
                };
        if (!fits) {
            throw refused(
                    command,
                    14,
                    "BSON field '%s' is the wrong type '%s', expected type '%s'"
                            .formatted(
                                    field, typeName(value), kind.name().toLowerCase(Locale.ROOT)));
        }
        if (kind == Kind.COUNT && Fields.number(value, field).longValue() < 0) {
            throw refused(
                    command,
                    isModern() ? 51024 : 2,
                    "BSON field '%s' value must be >= 0, actual value '%s'"
                            .formatted(field, value));
        }
    }

    private static boolean isSimple(String field, @Nullable Object value) {
        if (value instanceof Document collation
                && !collation.isEmpty()
                && !"simple".equals(collation.get("locale"))) {
            throw notThere(field);
        }
        return value instanceof Document || value == null;
    }

    private static boolean isOff(String field, @Nullable Object value) {
        if (value != null && !Boolean.FALSE.equals(value)) {
            throw notThere(field);
        }
        return true;
    }

    private static CommandError notThere(String field) {
        return new CommandError(
                238, "NotImplemented", "The embedded server has no '" + field + "'");
    }

    private static void checkBatch(Request request) {
        String field =
                Objects.requireNonNull(COMMANDS.get(request.name())).keySet().iterator().next();
        int size = request.body().get(field) instanceof Collection<?> batch ? batch.size() : 0;
        if (size < 1 || size > ReplicaSetCommands.MAX_WRITE_BATCH_SIZE) {
            throw new CommandError(
                    16,
                    "InvalidLength",
                    "Write batch sizes must be between 1 and %d. Got %d operations."
                            .formatted(ReplicaSetCommands.MAX_WRITE_BATCH_SIZE, size));
        }
    }

    private CommandError unknown(String command, String field) {
        if (command.equals("collMod") && !isModern()) {
            return new CommandError(72, "InvalidOptions", "unknown option to collMod: " + field);
        }
        return refused(command, 40415, "BSON field '" + field + "' is an unknown field.");
    }

    private CommandError refused(String command, int code, String message) {
        return isModern() || WRITES.contains(command)
                ? new CommandError(code, code == 14 ? "TypeMismatch" : "Location" + code, message)
                : new CommandError(9, "FailedToParse", "Failed to parse: " + message);
    }

    private boolean isModern() {
        return version.isAtLeast(ServerVersion.V5_0);
    }

    private static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "string";
            case Boolean _ -> "bool";
            case Integer _ -> "int";
            case Long _ -> "long";
            case Double _ -> "double";
            case Document _ -> "object";
            case Collection<?> _ -> "array";
            case BsonTimestamp _ -> "timestamp";
            default -> value.getClass().getSimpleName();
        };
    }
}
