package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Bson;
import de.bwaldvogel.mongo.bson.ObjectId;

/** BSON's deprecated pointer to a document. */
public record DbPointer(String namespace, ObjectId id) implements Bson {}
