package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cdcpipeline.model.ResumeToken;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFromTest {
    @ParameterizedTest(name = "case C3: a stream goes on with {1} after {0}")
    @CsvSource({
        "826B02D5A8000000062B022C0100296F5A1004A4C0FD7DE6B54E3AA76A5C4D1C15EEC904, startAfter",
        "826B02D5A8000000062B022C0100296E5A1004A4C0FD7DE6B54E3AA76A5C4D1C15EEC904, resumeAfter",
        "8262E1EC1A000000012B0229296E04, resumeAfter",
        "0164DEADBEEF, resumeAfter"
    })
    @DisplayName("case C3: startAfter is for the token of an invalidate")
    void namesTheOptionThatTheTokenNeeds(String token, String option) {
        BsonDocument stage = new BsonDocument();
        ResumeToken after = ResumeToken.ofHex(token);
        new StartFrom.After(after).addTo(stage);
        assertThat(stage).isEqualTo(new BsonDocument(option, after.toDocument()));
    }
}
