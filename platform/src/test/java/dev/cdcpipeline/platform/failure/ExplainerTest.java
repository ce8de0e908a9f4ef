package dev.cdcpipeline.platform.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLPeerUnverifiedException;

class ExplainerTest {
    private final Explainer explainer =
            new Explainer(Map.of("options", "watcher.server"), new Sample());

    @Test
    @DisplayName(
            "12.5: the sentence has the words of the exception and the names of the service's options")
    void fillsInWhatIsKnown() {
        var thrown = new IllegalStateException("outer", new SampleException("7", "no $1 for you"));

        assertThat(explainer.explained(thrown))
                .isInstanceOf(ExplainedException.class)
                .hasMessage("It refuses (no $1 for you): set watcher.server.user, not {else}")
                .hasCause(thrown);
    }

    @Test
    @DisplayName("12.5: a problem with TLS is explained as such, whatever code wraps it")
    void explainsTlsFirst() {
        var thrown = new SampleException("7", "broken");
        thrown.initCause(new CertificateExpiredException("too late"));

        assertThat(explainer.explained(thrown))
                .hasMessageStartingWith("The certificate of Sample, or that of its authority, has")
                .hasMessageContaining("(TLS says: too late)");
    }

    @Test
    @DisplayName("12.5: of a certificate for another host the option with the address is named")
    void namesTheOptionsForTls() {
        var thrown = new SampleException("7", "broken");
        thrown.initCause(new SSLPeerUnverifiedException("another"));

        assertThat(explainer.explained(thrown)).hasMessageContaining("in watcher.server.url, or");
    }

    @Test
    @DisplayName("12.5: what needs no explanation, and what has one, stays as it is")
    void leavesTheRestAlone() {
        var unknown = new SampleException("8", "unknown");
        var bare = new SampleException("9", "says it all");
        var explained = new IllegalStateException(new ExplainedException("no", bare));

        assertThat(explainer.explained(unknown)).isSameAs(unknown);
        assertThat(explainer.explained(bare)).isSameAs(bare);
        assertThat(explainer.explained(explained)).isSameAs(explained);
    }

    private static final class SampleException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String code;

        private SampleException(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    private static final class Sample implements ErrorCatalogue {
        @Override
        public String system() {
            return "Sample";
        }

        @Override
        public List<ErrorEntry> entries() {
            return List.of(
                    ErrorEntry.stop(7, "Refused")
                            .explained("It refuses ({said})", "set {options}.user, not {else}"),
                    ErrorEntry.stop(9, "Bare"));
        }

        @Override
        public boolean isSource(Throwable thrown) {
            return thrown instanceof SampleException;
        }

        @Override
        public @Nullable ErrorEntry entry(Throwable thrown) {
            return thrown instanceof SampleException sample
                    ? entries().stream()
                            .filter(each -> each.code().equals(sample.code))
                            .findFirst()
                            .orElse(null)
                    : null;
        }

        @Override
        public @Nullable Failure recognize(Throwable thrown) {
            return null;
        }

        @Override
        public TlsOptions tlsOptions() {
            return new TlsOptions("{options}.ca", "{options}.certificate", "{options}.url");
        }
    }
}
