package dev.cdcpipeline.demo;

import java.util.HashMap;
import java.util.Map;

/**
 * One reading of a service's {@code /metrics}, in Prometheus' text format 0.0.4.
 *
 * @param sums the sum of a metric's samples over all its labels, by the metric's name
 */
record Scrape(Map<String, Double> sums) {

    static final Scrape EMPTY = new Scrape(Map.of());

    /** Reads the text; lines that are not samples are passed over. */
    static Scrape parse(String text) {
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
    long sum(String metric) {
        return Math.round(sums.getOrDefault(metric, 0.0));
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
