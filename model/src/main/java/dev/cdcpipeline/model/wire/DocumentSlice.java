package dev.cdcpipeline.model.wire;

/**
 * A document where it lies in a Kafka message, not read yet.
 *
 * @param array the array that the message is in, not to be changed
 * @param start where the document starts in it
 * @param end where it ends: the index after it
 * @param format how it is written
 */
@SuppressWarnings("ArrayRecordComponent") // slices are not compared, and a copy would cost
public record DocumentSlice(byte[] array, int start, int end, WireFormat format) {}
