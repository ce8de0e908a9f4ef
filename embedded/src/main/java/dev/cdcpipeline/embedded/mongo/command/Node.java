package dev.cdcpipeline.embedded.mongo.command;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.cursor.Cursors;
import dev.cdcpipeline.embedded.mongo.oplog.Namespace;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.sharding.Shards;
import dev.cdcpipeline.embedded.mongo.storage.Catalog;
import dev.cdcpipeline.embedded.mongo.storage.Claims;
import dev.cdcpipeline.embedded.mongo.storage.ReplicatedCollection;
import dev.cdcpipeline.embedded.mongo.wire.CommandError;

import java.time.InstantSource;

/**
 * The replica set's only member, or the router before a cluster of shards: its data, and what its
 * commands share.
 *
 * @param shards the oplogs; a replica set has one
 * @param clock the time for cluster times, wall times and {@code $currentDate}
 * @param claims the documents that open transactions have written
 */
public record Node(
        ServerVersion version,
        InstantSource clock,
        Shards shards,
        Catalog catalog,
        Claims claims,
        Cursors cursors,
        Member member) {

    /** The replica set's oplog, or the first shard's. */
    Oplog oplog() {
        return shards.first().oplog();
    }

    /** Refuses what cannot be done with a view. */
    void checkNoView(Namespace namespace) {
        catalog.reading(
                () -> {
                    ReplicatedCollection found = catalog.collection(namespace);
                    if (found != null && found.isView()) {
                        throw new CommandError(
                                166,
                                "CommandNotSupportedOnView",
                                "Namespace " + namespace + " is a view, not a collection");
                    }
                    return true;
                });
    }

    /** The same member over other data: a transaction's view. */
    Node over(Catalog view) {
        return new Node(version, clock, shards, view, claims, cursors, member);
    }
}
