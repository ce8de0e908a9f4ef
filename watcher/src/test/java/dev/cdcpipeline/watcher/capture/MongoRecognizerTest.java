package dev.cdcpipeline.watcher.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterId;
import com.mongodb.connection.ServerId;

import dev.cdcpipeline.platform.failure.Classifier;
import dev.cdcpipeline.platform.failure.Failure;
import dev.cdcpipeline.platform.failure.Reaction;

import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MongoRecognizerTest {
    private static final ServerAddress ADDRESS = new ServerAddress("localhost");
    private static final ServerId SERVER = new ServerId(new ClusterId(), ADDRESS);

    private final Classifier classifier = new Classifier(new MongoRecognizer());

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
