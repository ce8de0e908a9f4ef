/** BSON bytes rendered as JSON, either for SQL users or as lossless Extended JSON. */
@NullMarked
package dev.cdcpipeline.model.json;

import org.jspecify.annotations.NullMarked;
