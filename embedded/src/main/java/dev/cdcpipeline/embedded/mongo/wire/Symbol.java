package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Bson;

/** BSON's deprecated symbol type. */
public record Symbol(String name) implements Bson {}
