package dev.cdcpipeline.watcher.checkpoint;

/**
 * What a checkpoint belongs to. A position means something only in the cluster it was read from,
 * and only for the events that the scope and the pipeline let through.
 *
 * @param cluster name and, after a slash and where the account may read it, id of the replica set
 *     or sharded cluster
 * @param scope the scope's canonical text
 * @param pipeline the server-side stages as text
 */
public record Identity(String cluster, String scope, String pipeline) {
    /**
     * Checks that a checkpoint of this identity may be used by a Watcher of another one.
     *
     * @param mine the Watcher's own identity
     * @param anyScope whether the scope and the pipeline may differ
     * @throws UnusableCheckpointException with what differs and what to do
     */
    public void requireUsableBy(Identity mine, boolean anyScope) {
        if (!sameCluster(cluster, mine.cluster)) {
            throw new UnusableCheckpointException(
                    "the checkpoint belongs to the cluster "
                            + cluster
                            + ", but watcher.mongodb.uri leads to "
                            + mine.cluster
                            + ": correct the URI, or give this Watcher a checkpoint of its own"
                            + " (watcher.id, watcher.checkpoint.file.path)");
        }
        if (!anyScope && !(scope.equals(mine.scope) && pipeline.equals(mine.pipeline))) {
            throw new UnusableCheckpointException(
                    "the checkpoint belongs to the scope "
                            + scope
                            + " and this Watcher has "
                            + mine.scope
                            + (pipeline.equals(mine.pipeline) ? "" : ", or another pipeline")
                            + ": what is new in the scope is only captured from the checkpoint on. Restore the scope, set"
                            + " watcher.checkpoint.changed-scope to accept, or give this Watcher a checkpoint of its own");
        }
    }

    /**
     * What is captured, as text: the same for two Watchers whose places mean the same. Only the
     * cluster's name is in it, as its id may be readable today and not tomorrow.
     */
    public String captured() {
        return name(cluster) + "\n" + scope + "\n" + pipeline;
    }

    /** Of two names, the ids count only when both have one. */
    private static boolean sameCluster(String one, String other) {
        boolean bothHaveIds = one.indexOf('/') >= 0 && other.indexOf('/') >= 0;
        return bothHaveIds ? one.equals(other) : name(one).equals(name(other));
    }

    private static String name(String cluster) {
        int slash = cluster.indexOf('/');
        return slash < 0 ? cluster : cluster.substring(0, slash);
    }
}
