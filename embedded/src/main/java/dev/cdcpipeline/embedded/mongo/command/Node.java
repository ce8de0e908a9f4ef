package dev.cdcpipeline.embedded.mongo.command;

import dev.cdcpipeline.embedded.mongo.ServerVersion;
import dev.cdcpipeline.embedded.mongo.cursor.Cursors;
import dev.cdcpipeline.embedded.mongo.oplog.Oplog;
import dev.cdcpipeline.embedded.mongo.storage.Catalog;

import java.time.InstantSource;

/**
 * The replica set's only member: its data, and what its commands share.
 *
 * @param clock the time for cluster times, wall times and {@code $currentDate}
 */
public record Node(
        ServerVersion version,
        InstantSource clock,
        Oplog oplog,
        Catalog catalog,
        Cursors cursors,
        Member member) {}
