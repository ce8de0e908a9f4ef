package dev.cdcpipeline.model;

import dev.cdcpipeline.model.json.Names;

import java.nio.charset.StandardCharsets;

/** What a change event reports; the names are those of MongoDB's {@code operationType}. */
public enum OperationType {
    INSERT("insert"),
    UPDATE("update"),
    REPLACE("replace"),
    DELETE("delete"),
    DROP("drop"),
    RENAME("rename"),
    DROP_DATABASE("dropDatabase"),
    INVALIDATE("invalidate"),
    /** Any other: index and collection commands, and what later servers add. */
    OTHER("");

    private static final OperationType[] ALL = values();

    private final String mongoName;

    OperationType(String mongoName) {
        this.mongoName = mongoName;
    }

    /** The type of MongoDB's name for it; {@link #OTHER} when it is none that has its own. */
    public static OperationType of(String operationName) {
        byte[] name = operationName.getBytes(StandardCharsets.UTF_8);
        return of(name, 0, name.length);
    }

    /** The type of the name in a part of an array, as UTF-8. */
    public static OperationType of(byte[] bytes, int from, int end) {
        for (OperationType type : ALL) {
            if (Names.equal(type.mongoName, bytes, from, end)) {
                return type;
            }
        }
        return OTHER;
    }

    /** MongoDB's name for it; empty for {@link #OTHER}, which has many. */
    String mongoName() {
        return mongoName;
    }
}
