package dev.cdcpipeline.watcher.checkpoint;

/**
 * What a checkpoint belongs to. A position means something only in the replica set it was read
 * from, and only for the events that the scope and the pipeline let through.
 *
 * @param cluster name and, where the account may read it, id of the replica set or sharded cluster
 * @param scope the scope's canonical text
 * @param pipeline the server-side stages as text
 */
public record Identity(String cluster, String scope, String pipeline) {}
