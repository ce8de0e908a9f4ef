package dev.cdcpipeline.embedded.mongo.wire;

import de.bwaldvogel.mongo.bson.Bson;

/** BSON's deprecated undefined value. */
public enum Undefined implements Bson {
    UNDEFINED
}
