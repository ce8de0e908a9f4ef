package dev.cdcpipeline.model;

/** What a change event reports; the names are those of MongoDB's {@code operationType}. */
public enum OperationType {
    INSERT,
    UPDATE,
    REPLACE,
    DELETE,
    DROP,
    RENAME,
    DROP_DATABASE,
    INVALIDATE,
    /** Any other: index and collection commands, and what later servers add. */
    OTHER;

    /** The type of MongoDB's name for it; {@link #OTHER} when it is none that has its own. */
    public static OperationType of(String operationName) {
        return switch (operationName) {
            case "insert" -> INSERT;
            case "update" -> UPDATE;
            case "replace" -> REPLACE;
            case "delete" -> DELETE;
            case "drop" -> DROP;
            case "rename" -> RENAME;
            case "dropDatabase" -> DROP_DATABASE;
            case "invalidate" -> INVALIDATE;
            default -> OTHER;
        };
    }
}
