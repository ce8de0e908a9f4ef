package dev.cdcpipeline.model.wire;

/**
 * Reads dates of ISO 8601 such as {@code 2026-05-01T12:30:00.250Z}; the time zone may be an offset
 * ({@code +02:00}, {@code +0200}, {@code +02}).
 */
final class DateText {

    /** What {@link #millis} says of text that is not a date. */
    static final long NOT_A_DATE = Long.MIN_VALUE;

    /** Of {@code 2026-05-01T12:30:00}, which a fraction and a time zone follow. */
    private static final int SECONDS_END = 19;

    private static final long MILLIS_PER_MINUTE = 60_000;

    private DateText() {}

    /** Milliseconds since 1970, UTC; {@link #NOT_A_DATE} when the text is not one. */
    static long millis(byte[] bytes, int from, int end) {
        if (!hasShape(bytes, from, end)) {
            return NOT_A_DATE;
        }
        int month = number(bytes, from + 5, 2);
        int day = number(bytes, from + 8, 2);
        int hour = number(bytes, from + 11, 2);
        int minute = number(bytes, from + 14, 2);
        int second = number(bytes, from + 17, 2);
        int year = number(bytes, from, 4);
        boolean exists =
                year >= 0
                        && month >= 1
                        && month <= 12
                        && day >= 1
                        && day <= daysIn(month, year)
                        && hour >= 0
                        && hour <= 23
                        && minute >= 0
                        && minute <= 59
                        && second >= 0
                        && second <= 59;
        if (!exists) {
            return NOT_A_DATE;
        }
        long millis =
                ((days(year, month, day) * 24 + hour) * 60 + minute) * MILLIS_PER_MINUTE
                        + second * 1_000L;
        return withFraction(millis, bytes, from + SECONDS_END, end);
    }

    /** Are the signs in their places? Of the digits, {@link #number} says. */
    private static boolean hasShape(byte[] bytes, int from, int end) {
        return end - from > SECONDS_END
                && bytes[from + 4] == '-'
                && bytes[from + 7] == '-'
                && bytes[from + 10] == 'T'
                && bytes[from + 13] == ':'
                && bytes[from + 16] == ':';
    }

    private static long withFraction(long millis, byte[] bytes, int from, int end) {
        int at = from;
        int fraction = 0;
        if (bytes[at] == '.') {
            int first = ++at;
            // Digits after the third are less than a millisecond.
            for (int weight = 100; at < end && isDigit(bytes[at]); at++, weight /= 10) {
                fraction += (bytes[at] - '0') * weight;
            }
            if (at == first) {
                return NOT_A_DATE;
            }
        }
        int offset = offsetMinutes(bytes, at, end);
        return offset == Integer.MIN_VALUE
                ? NOT_A_DATE
                : millis + fraction - offset * MILLIS_PER_MINUTE;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The offset from UTC in minutes; {@link Integer#MIN_VALUE} when the text is not one. */
    private static int offsetMinutes(byte[] bytes, int from, int end) {
        if (end - from == 1 && bytes[from] == 'Z') {
            return 0;
        }
        boolean colon = end - from == 6 && bytes[from + 3] == ':';
        boolean signed = from < end && (bytes[from] == '+' || bytes[from] == '-');
        if (!signed || (end - from != 3 && end - from != 5 && !colon)) {
            return Integer.MIN_VALUE;
        }
        int hours = number(bytes, from + 1, 2);
        int minutes = end - from == 3 ? 0 : number(bytes, colon ? from + 4 : from + 3, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int total = hours * 60 + minutes;
        return bytes[from] == '-' ? -total : total;
    }

    /** So many digits as a number; -1 when they are not all digits. */
    private static int number(byte[] bytes, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static int daysIn(int month, int year) {
        return switch (month) {
            case 2 -> (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
    private static long days(int year, int month, int day) {
        long y = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(y, 400);
        long yearOfEra = y - era * 400;
        long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }
}
