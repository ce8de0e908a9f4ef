package dev.cdcpipeline.demo;

/** The services' metrics that the demo shows, by their Prometheus names. */
final class MetricNames {

    static final String CAPTURED = "cdc_watcher_captured_total";
    static final String PUBLISHED = "cdc_watcher_published_total";

    /** Records of all committed batches, those that changed nothing included. */
    static final String APPLIED = "cdc_syncer_batch_size_records_sum";

    /** Of these the ones that an earlier batch had committed already. */
    static final String REDELIVERED = "cdc_syncer_redelivered_total";

    private MetricNames() {}
}
