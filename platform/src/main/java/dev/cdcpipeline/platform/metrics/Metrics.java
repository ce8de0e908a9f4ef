package dev.cdcpipeline.platform.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.util.List;

/**
 * The metrics of a service: a Prometheus registry that already measures the JVM, and that stays
 * bounded however many collections there are. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    /** As many namespaces, tables and topics have series of their own; see docs/reference. */
    public static final int NAMED = 200;

    private final BoundedLabel.FirstComers topics = new BoundedLabel.FirstComers(NAMED);
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();
    private final LogbackMetrics records = new LogbackMetrics();

    /** A registry with the JVM's metrics. */
    public Metrics() {
        registry.config()
                .meterFilter(MeterFilter.deny(Metrics::ofAPartition))
                .meterFilter(MeterFilter.deny(this::ofAFurtherTopic))
                .meterFilter(new BoundedLabel("namespace", NAMED))
                .meterFilter(new BoundedLabel("table", NAMED));
        List<MeterBinder> binders =
                List.of(
                        garbage,
                        pressure,
                        records,
                        new ClassLoaderMetrics(),
                        new FileDescriptorMetrics(),
                        new JvmInfoMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics());
        binders.forEach(binder -> binder.bindTo(registry));
    }

    /** Kafka's client has a dozen metrics of every partition: with 500 topics they are 50,000. */
    private static boolean ofAPartition(Meter.Id id) {
        return id.getName().startsWith("kafka.") && id.getTag("partition") != null;
    }

    /** Its gauges of several topics cannot be added up to one. */
    private boolean ofAFurtherTopic(Meter.Id id) {
        String topic = id.getName().startsWith("kafka.") ? id.getTag("topic") : null;
        return topic != null && !topics.admit(topic);
    }

    /** Where the parts of the service register what they measure. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All metrics in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        records.close();
        pressure.close();
        garbage.close();
        registry.close();
    }
}
