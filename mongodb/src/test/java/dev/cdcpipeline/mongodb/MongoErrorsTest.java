package dev.cdcpipeline.mongodb;

import static dev.cdcpipeline.platform.failure.Reaction.RETRY;
import static dev.cdcpipeline.platform.failure.Reaction.STOP;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterId;
import com.mongodb.connection.ServerId;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Explainer;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;
import dev.cdcpipeline.testkit.Gen;
import dev.cdcpipeline.testkit.Property;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.stream.Stream;

class MongoErrorsTest {
    private static final ServerAddress ADDRESS = new ServerAddress("localhost");
    private static final ServerId SERVER = new ServerId(new ClusterId(), ADDRESS);

    private final MongoErrors errors = new MongoErrors();
    private final Classifier classifier = new Classifier(errors);

    private static MongoCommandException reply(int code, String... labels) {
        var document =
                new BsonDocument("ok", new BsonInt32(0))
                        .append("code", new BsonInt32(code))
                        .append("errmsg", new BsonString("no"))
                        .append("secret", new BsonString("the rest of the reply"))
                        .append(
                                "errorLabels",
                                new BsonArray(Stream.of(labels).map(BsonString::new).toList()));
        return new MongoCommandException(document, ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({
        "6,RETRY",
        "7,RETRY",
        "43,RETRY",
        "89,RETRY",
        "91,RETRY",
        "136,RETRY",
        "175,RETRY",
        "189,RETRY",
        "237,RETRY",
        "262,RETRY",
        "9001,RETRY",
        "10107,RETRY",
        "11602,RETRY",
        "13435,RETRY",
        "9,STOP",
        "13,STOP",
        "14,STOP",
        "18,STOP",
        "222,STOP",
        "260,STOP",
        "280,STOP",
        "286,STOP",
        "10334,STOP",
        "40323,STOP",
        "40585,STOP",
        "40573,STOP",
        "1,STOP",
        "-1,STOP",
        "999999,STOP"
    })
    @DisplayName("12.5 Property 26: MongoDB's errors are classified by code")
    void classifiesByCode(int code, Reaction reaction) {
        assertThat(classifier.reaction(reply(code))).isEqualTo(reaction);
    }

    @Test
    @DisplayName("12.5 A label of MongoDB decides only where the code says nothing")
    void classifiesUnknownCodesByLabel() {
        assertThat(classifier.reaction(reply(77777, "ResumableChangeStreamError")))
                .isEqualTo(RETRY);
        assertThat(classifier.reaction(reply(286, "RetryableWriteError"))).isEqualTo(STOP);
        assertThat(classifier.reaction(reply(43, "NonResumableChangeStreamError"))).isEqualTo(STOP);
    }

    @Test
    @DisplayName("12.5 Property 26: every row of the catalogue reacts as it says; other codes stop")
    void reactsAsTheCatalogueSays() {
        assertThat(errors.entries())
                .allSatisfy(
                        row ->
                                assertThat(classifier.failure(reply(Integer.parseInt(row.code()))))
                                        .isEqualTo(
                                                new Failure.ServerError(
                                                        "MongoDB", row.code(), row.reaction())));
        Property.forAll(
                500,
                Gen.ints(),
                code -> {
                    if (errors.entries().stream()
                            .noneMatch(row -> row.code().equals(code.toString()))) {
                        assertThat(classifier.reaction(reply(code))).isEqualTo(STOP);
                    }
                });
    }

    @Test
    @DisplayName("12.5: an explanation quotes the message of a reply and not all of it")
    void quotesTheMessageAlone() {
        var explainer = new Explainer(Map.of("mongodb", "watcher.mongodb"), errors);
        var password = MongoCredential.createCredential("user", "admin", new char[0]);

        assertThat(explainer.on(new MongoSecurityException(password, "x", reply(11))))
                .hasValueSatisfying(
                        found ->
                                assertThat(found.sentence())
                                        .startsWith(
                                                "MongoDB does not accept the user or the password (no): check both in watcher.mongodb.uri"));
    }

    @Test
    @DisplayName(
            "12.5: a login that a broken connection ends is tried again and is no wrong password")
    void tellsABrokenLoginFromAWrongPassword() {
        var password = MongoCredential.createCredential("user", "admin", new char[0]);
        var broken =
                new MongoSecurityException(
                        password, "x", new MongoSocketOpenException("gone", ADDRESS));

        assertThat(classifier.failure(broken)).isEqualTo(new Failure.Network());
        assertThat(new Explainer(Map.of(), errors).on(broken)).isEmpty();
    }

    @Test
    @DisplayName(
            "12.5: a server that the driver has just given up is a broken network, which is tried again")
    void takesAServerThatIsGoneForABrokenNetwork() {
        assertThat(classifier.failure(new MongoServerUnavailableException("closed")))
                .isEqualTo(new Failure.Network());
        assertThat(classifier.failure(new MongoConnectionPoolClearedException(SERVER, null)))
                .isEqualTo(new Failure.Network());
    }

    @Test
    @DisplayName("12.5: connections that were given up for a wrong password are no broken network")
    void looksForTheCauseOfAClearedPool() {
        var password = MongoCredential.createCredential("user", "admin", new char[0]);
        var refused = new MongoSecurityException(password, "no");
        assertThat(classifier.reaction(new MongoConnectionPoolClearedException(SERVER, refused)))
                .isEqualTo(Reaction.STOP);
    }

    @Test
    @DisplayName("12.5: a look-up that the drop or rename of its collection ends is tried again")
    void triesALookUpAgainThatADropHasEnded() {
        var killed =
                BsonDocument.parse("{ok: 0, code: 175, codeName: 'QueryPlanKilled', errmsg: ''}");
        assertThat(classifier.reaction(new MongoCommandException(killed, ADDRESS)))
                .isEqualTo(Reaction.RETRY);
    }
}
