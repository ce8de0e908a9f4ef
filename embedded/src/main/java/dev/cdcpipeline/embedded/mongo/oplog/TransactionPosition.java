package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

/**
 * An entry's place in a multi-document transaction.
 *
 * @param lsid the session, with its user's digest
 * @param number the session's transaction number
 * @param index the entry's index in the transaction, from 0
 */
public record TransactionPosition(Document lsid, long number, int index) {}
