package dev.cdcpipeline.model.json;

/** Writes doubles so that they read back as the same double, with a point or an exponent. */
final class Doubles {

    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    private static final long[] LONG_POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    /** Below this every decimal of up to 15 digits is a double of its own. */
    private static final double EXACT = 1e15;

    private final StringBuilder text = new StringBuilder(32);

    /**
     * Would PostgreSQL's {@code numeric}, which {@code jsonb} uses, write it without a point or
     * without its sign?
     */
    static boolean changesInNumeric(double value) {
        double size = Math.abs(value);
        return size >= 1e7 || (size < 1e-3 && (size > 0 || 1 / value < 0));
    }

    /** Puts a finite number. */
    void put(JsonBuffer out, double value) {
        double size = Math.abs(value);
        if (size < 1e9 && (size >= 1e-3 || size == 0) && putShort(out, value, size)) {
            return;
        }
        text.setLength(0);
        text.append(value);
        for (int i = 0; i < text.length(); i++) {
            out.put(text.charAt(i));
        }
    }

    /**
     * Puts a number that is a decimal of few digits after its point: the quotient of two numbers
     * that are exact as doubles is rounded correctly, so if it is the value, its decimal digits
     * read back as the value.
     */
    private static boolean putShort(JsonBuffer out, double value, double size) {
        for (int places = 0; places < POWERS.length; places++) {
            double scaled = Math.rint(size * POWERS[places]);
            if (scaled >= EXACT) {
                return false;
            }
            if (scaled / POWERS[places] == size) {
                if (Double.doubleToRawLongBits(value) < 0) {
                    out.put('-');
                }
                long digits = (long) scaled;
                out.putLong(digits / LONG_POWERS[places]);
                out.put('.');
                out.putPadded(digits % LONG_POWERS[places], Math.max(places, 1));
                return true;
            }
        }
        return false;
    }
}
