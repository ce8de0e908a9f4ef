package dev.cdcpipeline.syncer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.wire.DocumentRenderer;
import dev.cdcpipeline.syncer.schema.TableNames;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bson.RawBsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

class PlannerTest {
    private static final String TOPIC = "topic";
    private static final String GOOD =
            """
            {"operationType":"insert","ns":{"db":"shop","coll":"orders"},"documentKey":{"_id":1},"fullDocument":{"_id":1}}""";

    @ParameterizedTest(name = "4.4: the place of what is wrong is one in the message: {0}, {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "JSON; {\"operationType\":\"insert\"?; 25",
                "JSON; {\"operationType\":\"insert\",\"ns\":{\"coll\":\"orders\"},\"fullDocument\":{}}; 0",
                "JSON; {\"operationType\":\"insert\",\"ns\":{\"db\":\"shop\",\"coll\":\"orders\"},\"documentKey\":{\"_id\":2},\"fullDocument\":{\"a\":tru}}; 105",
                "BSON; {\"operationType\":\"insert\",\"ns\":{\"coll\":\"orders\"},\"fullDocument\":{}}; 0",
                "BSON; {\"_id\":{\"_data\":\"x\"},\"operationType\":\"insert\"}; 0",
                "BSON; {\"operationType\":7}; 19"
            })
    void thePlaceOfWhatIsWrongIsOneInTheMessage(String wire, String wrong, int place) {
        byte[] bad =
                wire.equals("JSON")
                        ? wrong.getBytes(StandardCharsets.UTF_8)
                        : bytes(RawBsonDocument.parse(wrong));
        BatchPlan plan = planWithAGoodOneBefore(bad);

        assertThat(plan.tables()).hasSize(1);
        assertThat(plan.bad()).hasSize(1);
        assertThat(plan.bad().getFirst().record().value()).isEqualTo(bad);
        assertThat(plan.bad().getFirst().cause()).hasMessageEndingWith(", at byte " + place);
    }

    @ParameterizedTest(name = "I6: a letter's stack hash is of where the code found it: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"operationType\":\"insert\"?; JsonInput",
                "{\"operationType\":7}; EventFields",
                "{\"operationType\":\"delete\",\"ns\":{\"coll\":\"orders\"}}; Namespace"
            })
    void whatIsWrongSaysWhereTheCodeFoundIt(String wrong, String finder) {
        BatchPlan plan = planWithAGoodOneBefore(wrong.getBytes(StandardCharsets.UTF_8));

        StackTraceElement first = plan.bad().getFirst().cause().getStackTrace()[0];
        assertThat(first.getClassName()).endsWith("." + finder);
    }

    private static BatchPlan planWithAGoodOneBefore(byte[] bad) {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        var partition = new TopicPartition(TOPIC, 0);
        List<Records> records =
                new RecordBlocks().copy(partition, List.of(record(0, good), record(1, bad)));
        var names = new TableNames("{db}", "{collection}", Map.of());
        var planner = new Planner(names, DocumentRenderer.plain()::render);
        var from = new Progress(new PartitionId(new UUID(0, 1), TOPIC, 0), 0, null);
        return planner.plan(List.of(new Portion(from, records)), Set.of());
    }

    private static byte[] bytes(RawBsonDocument document) {
        var buffer = document.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset, byte[] value) {
        return new ConsumerRecord<>(
                TOPIC, 0, offset, ByteBuffer.allocate(0), ByteBuffer.wrap(value));
    }
}
