package dev.cdcpipeline.embedded.mongo.command;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.cursor.Cursors;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.storage.Catalog;
import dev.cdcpipeline.embedded.mongo.storage.Claims;

import java.time.InstantSource;

/**
 * The replica set's only member: its data, and what its commands share.
 *
 * @param clock the time for cluster times, wall times and {@code $currentDate}
 * @param claims the documents that open transactions have written
 */
public record Node(
        ServerVersion version,
        InstantSource clock,
        Oplog oplog,
        Catalog catalog,
        Claims claims,
        Cursors cursors,
        Member member) {

    /** The same member over other data: a transaction's view. */
    Node over(Catalog view) {
        return new Node(version, clock, oplog, view, claims, cursors, member);
    }
}
