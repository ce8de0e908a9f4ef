package dev.cdcpipeline.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/** Names, streets and goods of a shop, with the letters and quotation marks that real ones have. */
final class ShopTexts {

    private static final List<String> FIRST_NAMES =
            List.of(
                    "Ada",
                    "Björn",
                    "Chloé",
                    "Dmitri",
                    "Elif",
                    "Fatima",
                    "Grace",
                    "Hiroshi",
                    "İpek",
                    "João",
                    "Katarzyna",
                    "Lucía",
                    "Mei",
                    "Nguyễn",
                    "Ólafur",
                    "Priya",
                    "Quentin",
                    "Rosa",
                    "Søren",
                    "Tomáš",
                    "Uma",
                    "Wei",
                    "Zoë");
    private static final List<String> LAST_NAMES =
            List.of(
                    "Almeida",
                    "Brown",
                    "Çelik",
                    "D'Angelo",
                    "Eriksson",
                    "Fischer",
                    "García",
                    "Haddad",
                    "Ivanov",
                    "Jansen",
                    "Kowalska",
                    "Li",
                    "Müller",
                    "Nakamura",
                    "O'Brien",
                    "Popescu",
                    "Rossi",
                    "Sørensen",
                    "Tanaka",
                    "Weiß");
    private static final List<String> STREETS =
            List.of(
                    "Hauptstraße",
                    "Rue de l'Église",
                    "Via Roma",
                    "Calle Mayor",
                    "Main Street",
                    "Nørregade",
                    "Ulica Długa",
                    "İstiklal Caddesi",
                    "Rua Augusta",
                    "五番街");
    private static final List<String> CITIES =
            List.of(
                    "Zürich",
                    "Lisboa",
                    "Kraków",
                    "København",
                    "Málaga",
                    "Köln",
                    "Gdańsk",
                    "Montréal",
                    "São Paulo",
                    "東京");
    private static final List<String> COUNTRIES =
            List.of("CH", "PT", "PL", "DK", "ES", "DE", "CA", "BR", "JP");
    private static final List<String> GOODS =
            List.of(
                    "Espresso cup, 80 ml",
                    "Tea \"Earl Grey\", 250 g",
                    "Notebook A5 \\ dotted",
                    "Fountain pen",
                    "LED lamp 12\"",
                    "Woollen socks",
                    "Crème brûlée torch",
                    "Chess set",
                    "USB-C cable, 2 m",
                    "Umbrella ☂",
                    "Rain coat",
                    "Café ☕ beans");
    private static final List<String> CARRIERS = List.of("DHL", "UPS", "PostNL", "Correos");
    private static final List<String> TAGS =
            List.of("vip", "newsletter", "b2b", "returning", "late-payer", "fan");

    private ShopTexts() {}

    static String firstName(RandomGenerator random) {
        return pick(FIRST_NAMES, random);
    }

    static String lastName(RandomGenerator random) {
        return pick(LAST_NAMES, random);
    }

    static String street(RandomGenerator random) {
        return pick(STREETS, random) + " " + random.nextInt(1, 200);
    }

    static String city(RandomGenerator random) {
        return pick(CITIES, random);
    }

    static String country(RandomGenerator random) {
        return pick(COUNTRIES, random);
    }

    static String good(RandomGenerator random) {
        return pick(GOODS, random);
    }

    static String carrier(RandomGenerator random) {
        return pick(CARRIERS, random);
    }

    static String tag(RandomGenerator random) {
        return pick(TAGS, random);
    }

    private static String pick(List<String> texts, RandomGenerator random) {
        return texts.get(random.nextInt(texts.size()));
    }
}
