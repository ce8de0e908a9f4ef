package dev.cdcpipeline.embedded.mongo.changestream;

/**
 * What differs between server versions in change streams.
 *
 * @param wallTime events carry wallTime, and pre- and post-images and expanded events exist (6.0)
 * @param truncatedArrays update descriptions carry truncatedArrays (5.0)
 * @param tokenVersionTwo resume tokens are of version 2 (7.0)
 */
public record ServerFeatures(boolean wallTime, boolean truncatedArrays, boolean tokenVersionTwo) {}
