package dev.cdcpipeline.embedded.mongo.changestream;

import de.bwaldvogel.mongo.bson.Document;

import org.jspecify.annotations.Nullable;

/**
 * What tells events of one cluster time apart in their tokens.
 *
 * @param documentKey null for events that concern no document
 */
record EventIdentity(String operationType, @Nullable Document documentKey) {

    boolean invalidate() {
        return operationType.equals("invalidate");
    }

    Document toDocument() {
        Document identity = new Document("operationType", operationType);
        if (documentKey != null) {
            identity.put("documentKey", documentKey);
        }
        return identity;
    }
}
