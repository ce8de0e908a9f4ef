package dev.cdcpipeline.syncer.consume;

import org.apache.kafka.clients.consumer.Consumer;

import java.nio.ByteBuffer;

/**
 * Where records come from.
 *
 * @param consumer the consumer, whose deserializers are the budget's
 * @param budget bounds what one poll returns
 */
public record Intake(Consumer<ByteBuffer, ByteBuffer> consumer, PollBudget budget) {}
