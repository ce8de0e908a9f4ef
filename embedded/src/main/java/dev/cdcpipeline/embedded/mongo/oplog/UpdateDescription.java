package dev.cdcpipeline.embedded.mongo.oplog;

import de.bwaldvogel.mongo.bson.Document;

import java.util.List;

/**
 * What an update changed, in the form of change events.
 *
 * @param updatedFields dotted path to new value
 * @param removedFields dotted paths
 * @param truncatedArrays {@code {field, newSize}} each
 * @param disambiguatedPaths the parts of those paths that can be read in more than one way
 */
public record UpdateDescription(
        Document updatedFields,
        List<String> removedFields,
        List<Document> truncatedArrays,
        Document disambiguatedPaths) {

    public boolean isEmpty() {
        return updatedFields.isEmpty() && removedFields.isEmpty() && truncatedArrays.isEmpty();
    }
}
