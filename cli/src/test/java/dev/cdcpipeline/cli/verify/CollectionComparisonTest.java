package dev.cdcpipeline.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.DocumentKey;
import dev.cdcpipeline.model.RawDocument;
import dev.cdcpipeline.syncer.schema.RowKey;

import org.bson.RawBsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

class CollectionComparisonTest {

    @ParameterizedTest(name = "A document is looked for in the row that the Syncer gave it: {0}")
    @CsvSource({
        // {_id: "a<half of a surrogate pair>"}
        "13000000025f69640005000000 61eda08000 00",
        // {x: null, _id: {a: 1, a: 2}}
        "200000000a7800 035f69640013000000 10610001000000 10610002000000 00 00",
        // {_id: ObjectId}
        "16000000075f696400 65f1a2b3c4d5e6f708192a3b 00"
    })
    void aDocumentIsLookedForInTheRowThatTheSyncerGaveIt(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] among = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, among, 3, bytes.length);

        assertThat(CollectionComparison.rowKey(new RawBsonDocument(among, 3, bytes.length)))
                .isEqualTo(RowKey.of(DocumentKey.of(RawDocument.wrap(bytes))));
    }
}
