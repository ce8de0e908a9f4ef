/** MongoDB's update language, and the description of what an update changed. */
@NullMarked
package dev.cdcpipeline.embedded.mongo.update;

import org.jspecify.annotations.NullMarked;
