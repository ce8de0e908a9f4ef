package dev.cdcpipeline.demo;

import com.mongodb.client.model.WriteModel;

import org.bson.Document;

/**
 * One write of the workload; MongoDB makes exactly one change event of it.
 *
 * @param target the collection
 * @param rowKey the document's {@code _id} as it stands in the table's column {@code _id}
 * @param kind what happens to the document
 * @param revision the document's field {@code revision} after the write; before it for a delete
 * @param model the write for the driver
 */
record ShopWrite(
        Target target, String rowKey, Kind kind, int revision, WriteModel<Document> model) {

    /** The collections of the shop. */
    enum Target {
        CUSTOMERS,
        ORDERS
    }

    /** What happens to the document. */
    enum Kind {
        INSERT,
        UPDATE,
        REPLACE,
        DELETE
    }
}
