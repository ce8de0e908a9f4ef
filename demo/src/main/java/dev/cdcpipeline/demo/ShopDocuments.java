package dev.cdcpipeline.demo;

import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes the shop's documents. What it makes depends on its random numbers alone, not on the clock.
 */
final class ShopDocuments {

    private static final Instant OPENED = Instant.parse("2026-01-01T08:00:00Z");

    private final RandomGenerator random;
    private Instant now = OPENED;

    ShopDocuments(RandomGenerator random) {
        this.random = random;
    }

    /** The shop's time; it goes on with every call. */
    Date now() {
        now = now.plusMillis(random.nextInt(1, 60_000));
        return Date.from(now);
    }

    ObjectId objectId() {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return new ObjectId(bytes);
    }

    Document customer(ObjectId id, int revision) {
        String first = ShopTexts.firstName(random);
        String last = ShopTexts.lastName(random);
        return new Document("_id", id)
                .append("name", new Document("first", first).append("last", last))
                .append("email", "user%d@example.org".formatted(random.nextInt(1_000_000)))
                .append("active", random.nextInt(10) > 0)
                .append("born", random.nextInt(5) == 0 ? null : birthday())
                .append("since", now())
                .append("addresses", addresses())
                .append("tags", tags())
                .append(
                        "loyalty",
                        new Document("points", random.nextInt(5_000)).append("tier", tier()))
                .append("credit", money(50_000))
                .append("referredBy", random.nextInt(4) == 0 ? objectId() : null)
                .append("visits", random.nextLong(1L << 40))
                .append("score", random.nextDouble())
                .append("revision", revision);
    }

    Document order(String id, ObjectId customer, int revision) {
        List<Document> items = items();
        Date placed = now();
        return new Document("_id", id)
                .append("customer", customer)
                .append("status", "placed")
                .append("placed", placed)
                .append("items", items)
                .append("total", total(items))
                .append("currency", "EUR")
                .append(
                        "shipping",
                        new Document("address", address("home")).append("carrier", null))
                .append("gift", random.nextInt(8) == 0)
                .append(
                        "note",
                        random.nextInt(6) == 0 ? "Leave it at the door\n\"ring twice\"" : null)
                .append("history", List.of(history("placed", placed)))
                .append("revision", revision);
    }

    Document item() {
        return new Document("sku", "SKU-%05d".formatted(random.nextInt(20_000)))
                .append("title", ShopTexts.good(random))
                .append("quantity", random.nextInt(1, 6))
                .append("price", money(20_000));
    }

    Document address(String kind) {
        return new Document("kind", kind)
                .append("street", ShopTexts.street(random))
                .append("city", ShopTexts.city(random))
                .append("zip", "%05d".formatted(random.nextInt(100_000)))
                .append("country", ShopTexts.country(random))
                .append("geo", List.of(random.nextDouble(-180, 180), random.nextDouble(-90, 90)));
    }

    Document history(String status, Date at) {
        return new Document("status", status).append("at", at);
    }

    Decimal128 money(int boundInCents) {
        return new Decimal128(BigDecimal.valueOf(random.nextLong(1, boundInCents), 2));
    }

    private List<Document> items() {
        var items = new ArrayList<Document>();
        for (int count = random.nextInt(1, 5); count > 0; count--) {
            items.add(item());
        }
        return items;
    }

    private static Decimal128 total(List<Document> items) {
        BigDecimal total = BigDecimal.ZERO;
        for (Document item : items) {
            BigDecimal price = item.get("price", Decimal128.class).bigDecimalValue();
            total = total.add(price.multiply(BigDecimal.valueOf(item.getInteger("quantity"))));
        }
        return new Decimal128(total);
    }

    private List<Document> addresses() {
        var addresses = new ArrayList<Document>();
        addresses.add(address("home"));
        if (random.nextInt(3) == 0) {
            addresses.add(address("work"));
        }
        return addresses;
    }

    private List<String> tags() {
        var tags = new ArrayList<String>();
        for (int count = random.nextInt(3); count > 0; count--) {
            tags.add(ShopTexts.tag(random));
        }
        return tags;
    }

    private @Nullable String tier() {
        return switch (random.nextInt(4)) {
            case 0 -> "gold";
            case 1 -> "silver";
            case 2 -> "bronze";
            default -> null;
        };
    }

    private Date birthday() {
        return Date.from(OPENED.minus(Duration.ofDays(random.nextInt(18 * 365, 90 * 365))));
    }
}
