package dev.cdcpipeline.cli.status;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongBinaryOperator;

/**
 * What two readings of a service, a moment apart, tell of it.
 *
 * @param ready whether it does its work, or stands by to do it
 * @param cells the columns of its line, as {@link #HEADINGS}
 * @param reasons what is not well, a line each
 */
record ServiceStatus(boolean ready, List<String> cells, List<String> reasons) {
    static final List<String> HEADINGS =
            List.of("SERVICE", "STATE", "FOR", "LAG", "POSITION", "EVENTS/S", "DEAD LETTERS");

    private static final String NONE = "-";
    private static final double NANOS = 1e9;

    /** The status of a service whose kind is {@code watcher} or {@code syncer}. */
    static ServiceStatus of(String kind, String address, Reading first, Reading second) {
        BsonDocument health = second.health();
        if (health == null) {
            return unreachable(kind, address, second.failure());
        }
        try {
            return of(kind, health, first, second);
        } catch (BsonInvalidOperationException notItsShape) {
            return unreachable(kind, address, Reading.SOMEBODY_ELSE);
        }
    }

    private static ServiceStatus unreachable(String kind, String address, String why) {
        return new ServiceStatus(
                false,
                List.of(kind, "unreachable", NONE, NONE, NONE, NONE, NONE),
                List.of("%s: %s".formatted(address, why)));
    }

    private static ServiceStatus of(
            String kind, BsonDocument health, Reading first, Reading second) {
        boolean ready = health.getBoolean("ready").getValue();
        boolean live = health.getBoolean("live").getValue();
        List<BsonDocument> components = documents(health.getArray("components"));
        List<String> cells = new ArrayList<>();
        cells.add(kind);
        cells.add(state(ready, live, second.metrics()));
        cells.add(span(since(components, ready)));
        cells.addAll(kind.equals("watcher") ? watcher(first, second) : syncer(first, second));
        return new ServiceStatus(ready, List.copyOf(cells), reasons(health, components));
    }

    private static List<String> reasons(BsonDocument health, List<BsonDocument> components) {
        List<String> reasons = new ArrayList<>();
        components.stream()
                .filter(each -> !isUp(each))
                .map(ServiceStatus::reason)
                .forEach(reasons::add);
        documents(health.getArray("loops")).stream()
                .filter(each -> each.getString("state").getValue().equals("stuck"))
                .map(each -> each.getString("name").getValue() + " is stuck")
                .forEach(reasons::add);
        return List.copyOf(reasons);
    }

    private static String state(boolean ready, boolean live, Scrape metrics) {
        if (!live) {
            return "stuck";
        }
        boolean standingBy = metrics.value("cdc_watcher_leader") == 0;
        return ready ? (standingBy ? "standing by" : "ready") : "not ready";
    }

    /** Ready since the last part came up; not ready since the first one went down. */
    private static long since(List<BsonDocument> components, boolean ready) {
        LongBinaryOperator choose = ready ? Math::min : Math::max;
        return components.stream()
                .filter(each -> isUp(each) == ready)
                .mapToLong(ServiceStatus::seconds)
                .reduce(choose)
                .orElse(0);
    }

    private static List<String> watcher(Reading first, Reading second) {
        Scrape now = second.metrics();
        double age = now.value("cdc_watcher_durable_age_seconds");
        return List.of(
                seconds(now.value("cdc_watcher_lag_seconds")),
                Double.isNaN(age) ? NONE : seconds(age) + " old",
                rate(first, second, "cdc_watcher_published_total"),
                count(now, "cdc_watcher_dead_letters_total"));
    }

    private static List<String> syncer(Reading first, Reading second) {
        Scrape now = second.metrics();
        double events = difference(first, second, "cdc_syncer_lag_seconds_count");
        double waited = difference(first, second, "cdc_syncer_lag_seconds_sum");
        double behind = now.value("cdc_syncer_lag_records");
        return List.of(
                events > 0 ? seconds(waited / events) : NONE,
                Double.isNaN(behind) ? NONE : "%.0f records behind".formatted(behind),
                rate(first, second, "cdc_syncer_consumed_total"),
                count(now, "cdc_syncer_dead_letters_total"));
    }

    private static double difference(Reading first, Reading second, String metric) {
        return second.metrics().value(metric) - first.metrics().value(metric);
    }

    private static String rate(Reading first, Reading second, String metric) {
        double seconds = (second.nanoTime() - first.nanoTime()) / NANOS;
        double events = difference(first, second, metric);
        return seconds > 0 && events >= 0
                ? String.format(Locale.ROOT, "%,.0f", events / seconds)
                : NONE;
    }

    private static String count(Scrape now, String metric) {
        return String.format(Locale.ROOT, "%,d", now.sum(metric));
    }

    private static boolean isUp(BsonDocument component) {
        return component.getString("state").getValue().equals("up");
    }

    private static String reason(BsonDocument component) {
        return "%s is %s for %s: %s"
                .formatted(
                        component.getString("name").getValue(),
                        component.getString("state").getValue(),
                        span(seconds(component)),
                        component
                                .getString("reason", new BsonString("no reason given"))
                                .getValue());
    }

    private static long seconds(BsonDocument component) {
        return component.getNumber("seconds", new BsonInt32(0)).longValue();
    }

    private static List<BsonDocument> documents(BsonArray array) {
        return array.stream().map(BsonValue::asDocument).toList();
    }

    private static String seconds(double seconds) {
        return Double.isNaN(seconds) ? NONE : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** {@code 12s}, {@code 3m 12s}, {@code 2h 5m}, {@code 4d 2h}. */
    private static String span(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + "m " + seconds % 60 + "s";
        }
        long hours = minutes / 60;
        return hours < 24
                ? hours + "h " + minutes % 60 + "m"
                : hours / 24 + "d " + hours % 24 + "h";
    }
}
