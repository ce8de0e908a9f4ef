package dev.cdcpipeline.demo;

/**
 * What the user asked of the demo.
 *
 * @param workload what is written to MongoDB
 * @param keep leave all running at the end, until Ctrl-C
 * @param chaos kill a service every few seconds
 */
record DemoOptions(ShopWorkload.Plan workload, boolean keep, boolean chaos) {}
