package dev.cdcpipeline.embedded.mongo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;

import dev.cdcpipeline.testkit.BsonGen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BsonRoundTripTest {

    @Test
    @DisplayName("BSON specification: what is read is written back byte for byte, every type")
    void writesWhatItRead() {
        Property.forAll(
                300,
                BsonGen.documents(),
                document -> {
                    byte[] bytes = encoded(document);
                    assertThat(BsonWriter.toBytes(BsonReader.read(bytes))).isEqualTo(bytes);
                });
    }

    @Test
    void countsTheBytesThatItWouldWrite() {
        Property.forAll(
                300,
                BsonGen.documents(),
                document -> {
                    byte[] bytes = encoded(document);
                    Document read = BsonReader.read(bytes);
                    assertThat(BsonSize.of(read)).isEqualTo(bytes.length);
                });
    }

    private static byte[] encoded(BsonDocument document) {
        BasicOutputBuffer out = new BasicOutputBuffer();
        try (BsonBinaryWriter writer = new BsonBinaryWriter(out)) {
            new BsonDocumentCodec().encode(writer, document, EncoderContext.builder().build());
        }
        return out.toByteArray();
    }
}
