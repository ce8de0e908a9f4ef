package dev.cdcpipeline.cli.status;

import java.util.HashMap;
import java.util.Map;

/**
 * One reading of a service's {@code /metrics}, in Prometheus' text format 0.0.4.
 *
 * @param sums the sum of a metric's samples over all its labels, by the metric's name
 */
public record Scrape(Map<String, Double> sums) {

    /** A reading of nothing. */
    public static final Scrape EMPTY = new Scrape(Map.of());

    /** Reads the text; lines that are not samples are passed over. */
    public static Scrape parse(String text) {
        var sums = new HashMap<String, Double>();
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(
                        line -> {
                            int value = line.lastIndexOf(' ');
                            int labels = line.indexOf('{');
                            if (value > 0) {
                                String name =
                                        line.substring(
                                                0, labels > 0 && labels < value ? labels : value);
                                sums.merge(name, number(line.substring(value + 1)), Double::sum);
                            }
                        });
        return new Scrape(Map.copyOf(sums));
    }

    /** The sum of the metric's samples; 0 when there is none. */
    public long sum(String metric) {
        return Math.round(sums.getOrDefault(metric, 0.0));
    }

    /** The sum of the metric's samples; NaN when there is none. */
    public double value(String metric) {
        return sums.getOrDefault(metric, Double.NaN);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
