package dev.cdcpipeline.platform.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A number of bytes, written as {@code 512}, {@code 64KiB}, {@code 16MiB} or {@code 2GiB}; {@code
 * KB}, {@code MB} and {@code GB} mean the same powers of 1024.
 *
 * @param bytes zero or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(b|ki?b?|mi?b?|gi?b?)?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is zero or more bytes");
        }
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if the text is not a size or exceeds 2^63-1 bytes
     */
    public static ByteSize parse(CharSequence text) {
        var matcher = FORM.matcher(text.toString().strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        var unit = matcher.group(2) == null ? "b" : matcher.group(2);
        int shift =
                switch (unit.charAt(0)) {
                    case 'k' -> 10;
                    case 'm' -> 20;
                    case 'g' -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("too large a size");
        }
        return new ByteSize(number << shift);
    }

    /**
     * The size as an int, for APIs that take one.
     *
     * @throws ArithmeticException if it is 2 GiB or more
     */
    public int toInt() {
        return Math.toIntExact(bytes);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The shortest exact form: {@code 16MiB}. */
    @Override
    public String toString() {
        if (bytes == 0) {
            return "0";
        }
        int unit = Math.min(Long.numberOfTrailingZeros(bytes) / 10, 3);
        return (bytes >> (10 * unit)) + new String[] {"", "KiB", "MiB", "GiB"}[unit];
    }
}
