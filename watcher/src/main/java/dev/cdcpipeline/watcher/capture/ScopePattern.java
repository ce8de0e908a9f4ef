package dev.cdcpipeline.watcher.capture;

import dev.cdcpipeline.model.Namespace;

import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.regex.Pattern;

/**
 * One pattern over {@code database.collection}: each side exact or with {@code *} for any run of
 * characters. The first dot separates the sides, because a database name has none. {@code *} alone
 * means everything.
 *
 * @param database the database side
 * @param collection the collection side
 */
record ScopePattern(String database, String collection) {
    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when it is not of the form {@code database.collection}
     */
    static ScopePattern parse(String text) {
        if (text.equals("*")) {
            return new ScopePattern("*", "*");
        }
        int dot = text.indexOf('.');
        if (dot <= 0 || dot == text.length() - 1) {
            throw new IllegalArgumentException(
                    "the pattern '"
                            + text
                            + "' is not of the form database.collection, for example shop.orders or shop.*");
        }
        return new ScopePattern(text.substring(0, dot), text.substring(dot + 1));
    }

    boolean exactDatabase() {
        return isExact(database);
    }

    boolean exactCollection() {
        return isExact(collection);
    }

    boolean wholeDatabase() {
        return collection.equals("*");
    }

    boolean matches(Namespace namespace) {
        return matches(database, namespace.database())
                && matches(collection, namespace.collection());
    }

    /**
     * A query predicate that is true for namespaces of this pattern, held in the sub-document of
     * this name.
     */
    BsonDocument predicate(String field) {
        BsonDocument predicate = databasePredicate(field);
        if (!wholeDatabase()) {
            predicate.append(field + ".coll", condition(collection));
        }
        return predicate;
    }

    /** A query predicate for the database side alone; empty when it takes every database. */
    BsonDocument databasePredicate(String field) {
        BsonDocument predicate = new BsonDocument();
        if (!database.equals("*")) {
            predicate.append(field + ".db", condition(database));
        }
        return predicate;
    }

    private static BsonValue condition(String side) {
        return isExact(side) ? new BsonString(side) : new BsonRegularExpression(regex(side), "s");
    }

    private static boolean isExact(String side) {
        return side.indexOf('*') < 0;
    }

    private static boolean matches(String side, String name) {
        return isExact(side)
                ? side.equals(name)
                : Pattern.compile(regex(side), Pattern.DOTALL).matcher(name).find();
    }

    /** An anchored regular expression that Java and MongoDB (PCRE) read alike. */
    private static String regex(String side) {
        StringBuilder regex = new StringBuilder("^");
        for (int i = 0; i < side.length(); i++) {
            char c = side.charAt(i);
            if (c == '*') {
                regex.append(".*");
            } else {
                if ("\\^$.|?+()[]{}".indexOf(c) >= 0) {
                    regex.append('\\');
                }
                regex.append(c);
            }
        }
        return regex.append('$').toString();
    }

    @Override
    public String toString() {
        return database + "." + collection;
    }
}
