package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Bson;
import de.bwaldvogel.mongo.bson.Document;

/** BSON's deprecated JavaScript with scope. */
public record CodeWithScope(String code, Document scope) implements Bson {}
