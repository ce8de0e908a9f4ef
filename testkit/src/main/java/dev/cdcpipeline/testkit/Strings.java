package dev.cdcpipeline.testkit;

/** Characters as bad as they come. */
final class Strings {

    private Strings() {}

    /** Code points, none a surrogate: mostly ASCII, and what breaks escaping and UTF-8. */
    static Gen<Integer> codePoints() {
        return Gen.frequency(
                Gen.weighted(12, Gen.ints(' ', '~')),
                Gen.weighted(2, Gen.elements(0, (int) '"', (int) '\\', (int) '/', (int) '$')),
                Gen.weighted(1, Gen.ints(0, 0x1F)),
                Gen.weighted(2, Gen.ints(0x7F, 0x7FF)),
                Gen.weighted(2, Gen.ints(0x800, 0xD7FF)),
                Gen.weighted(1, Gen.elements(0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFF, 0xE000)),
                Gen.weighted(2, Gen.ints(0x10000, 0x10FFFF)));
    }
}
