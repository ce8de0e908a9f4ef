package dev.cdcpipeline.model.json;

/**
 * Writes dates as ISO 8601 in UTC, such as {@code 2026-05-01T12:30:00Z} or, with milliseconds,
 * {@code 2026-05-01T12:30:00.250Z}.
 */
final class Dates {

    /** 1970-01-01T00:00:00Z. */
    static final long FIRST_RELAXED = 0;

    /** 9999-12-31T23:59:59.999Z. */
    static final long LAST_RELAXED = 253_402_300_799_999L;

    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final int DAYS_PER_ERA = 146_097;
    private static final int DAYS_FROM_YEAR_0_TO_1970 = 719_468;

    private Dates() {}

    /**
     * Puts a date. Years before 0 and after 9999 have a sign, as ISO 8601 wants it: {@code
     * +12345-01-01T00:00:00Z}.
     *
     * @param millis milliseconds since 1970, UTC
     */
    static void put(JsonBuffer out, long millis) {
        putDay(out, Math.floorDiv(millis, MILLIS_PER_DAY));
        int ofDay = (int) Math.floorMod(millis, MILLIS_PER_DAY);
        out.put('T');
        out.putPadded(ofDay / 3_600_000, 2);
        out.put(':');
        out.putPadded(ofDay / 60_000 % 60, 2);
        out.put(':');
        out.putPadded(ofDay / 1_000 % 60, 2);
        if (ofDay % 1_000 != 0) {
            out.put('.');
            out.putPadded(ofDay % 1_000, 3);
        }
        out.put('Z');
    }

    /** Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
    private static void putDay(JsonBuffer out, long daysSince1970) {
        long days = daysSince1970 + DAYS_FROM_YEAR_0_TO_1970;
        long era = Math.floorDiv(days, DAYS_PER_ERA);
        int dayOfEra = Math.floorMod(days, DAYS_PER_ERA);
        int yearOfEra =
                (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        putYear(out, year);
        out.put('-');
        out.putPadded(month, 2);
        out.put('-');
        out.putPadded(day, 2);
    }

    private static void putYear(JsonBuffer out, long year) {
        if (year < 0 || year > 9999) {
            out.put(year < 0 ? '-' : '+');
        }
        long size = Math.abs(year);
        if (size > 9999) {
            out.putLong(size);
        } else {
            out.putPadded(size, 4);
        }
    }
}
