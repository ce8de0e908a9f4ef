package dev.cdcpipeline.embedded.mongo.storage;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.BsonJavaScript;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Decimal128;
import de.bwaldvogel.mongo.bson.LegacyUUID;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.bson.ObjectId;

import dev.cdcpipeline.embedded.mongo.wire.Binary;
import dev.cdcpipeline.embedded.mongo.wire.CodeWithScope;
import dev.cdcpipeline.embedded.mongo.wire.DbPointer;
import dev.cdcpipeline.embedded.mongo.wire.Symbol;
import dev.cdcpipeline.embedded.mongo.wire.Undefined;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;

/**
 * MongoDB's order of BSON values of all types, which is also its equality of keys: 1, 1.0 and
 * NumberLong(1) are equal.
 *
 * <p>See https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/.
 */
public final class BsonOrder implements Comparator<@Nullable Object> {

    public static final BsonOrder INSTANCE = new BsonOrder();

    private BsonOrder() {}

    /** The rank of the value's type; values of one rank are compared with each other. */
    public static int typeRank(@Nullable Object value) {
        return switch (value) {
            case MinKey _ -> -1;
            case Undefined _ -> 0;
            case Missing _ -> 0;
            case null -> 5;
            case Number _ -> 10;
            case String _ -> 15;
            case Symbol _ -> 15;
            case Map<?, ?> _ -> 20;
            case Collection<?> _ -> 25;
            case BinData _, Binary _, UUID _, LegacyUUID _ -> 30;
            case ObjectId _ -> 35;
            case Boolean _ -> 40;
            case Instant _ -> 45;
            case BsonTimestamp _ -> 47;
            case BsonRegularExpression _ -> 50;
            case DbPointer _ -> 55;
            case BsonJavaScript _ -> 60;
            case CodeWithScope _ -> 65;
            case MaxKey _ -> 127;
            default -> throw new IllegalArgumentException("No BSON type for " + value.getClass());
        };
    }

    @Override
    public int compare(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Integer a && right instanceof Integer b) {
            return Integer.compare(a, b);
        }
        if (left instanceof ObjectId a && right instanceof ObjectId b) {
            return a.compareTo(b);
        }
        int ranks = Integer.compare(typeRank(left), typeRank(right));
        if (ranks != 0 || left == null || right == null) {
            return ranks;
        }
        return compareSameType(left, right);
    }

    private int compareSameType(Object left, Object right) {
        return switch (left) {
            case Number number -> compareNumbers(number, (Number) right);
            case Map<?, ?> document -> compareDocuments(document, (Map<?, ?>) right);
            case Collection<?> array -> compareArrays(array, (Collection<?>) right);
            case Boolean bool -> bool.compareTo((Boolean) right);
            case Instant instant -> instant.compareTo((Instant) right);
            case BsonTimestamp timestamp -> timestamp.compareTo((BsonTimestamp) right);
            case BsonRegularExpression regex ->
                    compareRegexes(regex, (BsonRegularExpression) right);
            case DbPointer pointer -> comparePointers(pointer, (DbPointer) right);
            case BsonJavaScript code ->
                    compareStrings(code.getCode(), ((BsonJavaScript) right).getCode());
            case CodeWithScope code -> compareCode(code, (CodeWithScope) right);
            case BinData _, Binary _, UUID _, LegacyUUID _ -> compareBinary(left, right);
            case String _, Symbol _ -> compareStrings(text(left), text(right));
            default -> 0;
        };
    }

    private static int compareNumbers(Number left, Number right) {
        boolean integers =
                (left instanceof Integer || left instanceof Long)
                        && (right instanceof Integer || right instanceof Long);
        if (integers) {
            return Long.compare(left.longValue(), right.longValue());
        }
        double a = left.doubleValue();
        double b = right.doubleValue();
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(b), Double.isNaN(a));
        }
        if (Double.isInfinite(a) || Double.isInfinite(b)) {
            return Double.compare(a, b);
        }
        return exact(left).compareTo(exact(right));
    }

    private static BigDecimal exact(Number number) {
        return switch (number) {
            case Decimal128 decimal when decimal.doubleValue() == 0 -> BigDecimal.ZERO;
            case Decimal128 decimal -> decimal.toBigDecimal();
            case Integer _, Long _ -> BigDecimal.valueOf(number.longValue());
            default -> new BigDecimal(number.doubleValue());
        };
    }

    private int compareDocuments(Map<?, ?> left, Map<?, ?> right) {
        Iterator<? extends Map.Entry<?, ?>> others = right.entrySet().iterator();
        for (Map.Entry<?, ?> field : left.entrySet()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<?, ?> other = others.next();
            int result = Integer.compare(typeRank(field.getValue()), typeRank(other.getValue()));
            if (result == 0) {
                result = compareStrings((String) field.getKey(), (String) other.getKey());
            }
            if (result == 0) {
                result = compare(field.getValue(), other.getValue());
            }
            if (result != 0) {
                return result;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private int compareArrays(Collection<?> left, Collection<?> right) {
        Iterator<?> others = right.iterator();
        for (Object value : left) {
            if (!others.hasNext()) {
                return 1;
            }
            int result = compare(value, others.next());
            if (result != 0) {
                return result;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static int compareRegexes(BsonRegularExpression left, BsonRegularExpression right) {
        int result = compareStrings(left.getPattern(), right.getPattern());
        return result != 0 ? result : compareStrings(left.getOptions(), right.getOptions());
    }

    private static int comparePointers(DbPointer left, DbPointer right) {
        int result = compareStrings(left.namespace(), right.namespace());
        return result != 0 ? result : left.id().compareTo(right.id());
    }

    private int compareCode(CodeWithScope left, CodeWithScope right) {
        int result = compareStrings(left.code(), right.code());
        return result != 0 ? result : compareDocuments(left.scope(), right.scope());
    }

    /** By length, then subtype, then bytes. */
    private static int compareBinary(Object left, Object right) {
        byte[] a = data(left);
        byte[] b = data(right);
        int result = Integer.compare(a.length, b.length);
        if (result == 0) {
            result = Integer.compare(subtype(left), subtype(right));
        }
        return result != 0 ? result : Arrays.compareUnsigned(a, b);
    }

    static int subtype(Object binary) {
        return switch (binary) {
            case UUID _ -> 4;
            case LegacyUUID _ -> 3;
            case Binary other -> other.subtype() & 0xFF;
            default -> 0;
        };
    }

    static byte[] data(Object binary) {
        return switch (binary) {
            case UUID uuid -> bytes(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
            case LegacyUUID legacy ->
                    bytes(
                            Long.reverseBytes(legacy.getUuid().getMostSignificantBits()),
                            Long.reverseBytes(legacy.getUuid().getLeastSignificantBits()));
            case Binary other -> other.data();
            case BinData generic -> generic.getData();
            default -> throw new IllegalArgumentException("Not binary: " + binary.getClass());
        };
    }

    private static byte[] bytes(long high, long low) {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    private static String text(Object value) {
        return value instanceof Symbol symbol ? symbol.name() : (String) value;
    }

    /** In the order of UTF-8 bytes, which is that of code points and not that of Java's chars. */
    private static int compareStrings(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
                return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** Whether two values are the same BSON: type, order of fields and sign of zero included. */
    @SuppressWarnings("ReferenceEquality")
    public static boolean identical(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return true;
        }
        if (left == null || right == null || left.getClass() != right.getClass()) {
            return left instanceof Collection<?> a
                    && right instanceof Collection<?> b
                    && identicalArrays(a, b);
        }
        return switch (left) {
            case Map<?, ?> document -> identicalDocuments(document, (Map<?, ?>) right);
            case Collection<?> array -> identicalArrays(array, (Collection<?>) right);
            case BsonRegularExpression regex ->
                    compareRegexes(regex, (BsonRegularExpression) right) == 0;
            case Decimal128 decimal ->
                    decimal.getLow() == ((Decimal128) right).getLow()
                            && decimal.getHigh() == ((Decimal128) right).getHigh();
            default -> left.equals(right);
        };
    }

    private static boolean identicalDocuments(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<? extends Map.Entry<?, ?>> others = right.entrySet().iterator();
        for (Map.Entry<?, ?> field : left.entrySet()) {
            Map.Entry<?, ?> other = others.next();
            if (!field.getKey().equals(other.getKey())
                    || !identical(field.getValue(), other.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean identicalArrays(Collection<?> left, Collection<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<?> others = right.iterator();
        for (Object value : left) {
            if (!identical(value, others.next())) {
                return false;
            }
        }
        return true;
    }
}
