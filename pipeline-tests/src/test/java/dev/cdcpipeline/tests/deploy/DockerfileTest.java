package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {
    private final Dockerfile dockerfile =
            Dockerfile.parse(Deploy.text(Deploy.path("docker/Dockerfile")));

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer"})
    @DisplayName("14.3 Each service is a target that runs as a user without a name or rights")
    void runsAsANumberedUserThatIsNotRoot(String target) {
        var stage = dockerfile.stage(target).orElseThrow();

        var user = dockerfile.effective(stage, "USER").orElseThrow().arguments();

        // By number, because Kubernetes cannot see whether a name is root.
        assertThat(user).matches("[1-9]\\d*:[1-9]\\d*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"watcher", "syncer"})
    @DisplayName("9.1 14.3 Signals reach the service, because no shell stands before it")
    void startsWithoutAShell(String target) {
        var stage = dockerfile.stage(target).orElseThrow();

        assertThat(dockerfile.effective(stage, "ENTRYPOINT").orElseThrow().isExecForm()).isTrue();
        assertThat(dockerfile.effective(stage, "CMD").orElseThrow().arguments())
                .startsWith("[\"" + target + "\"");
        assertThat(dockerfile.effective(stage, "HEALTHCHECK").orElseThrow())
                .satisfies(check -> assertThat(check.isExecForm()).isTrue())
                .satisfies(check -> assertThat(check.arguments()).contains("/health/live"));
    }

    @Test
    @DisplayName("14.3 Every image is named with a version, every copied stage exists")
    void namesWhatItIsBuiltFrom() {
        for (var stage : dockerfile.stages()) {
            if (dockerfile.stage(stage.base()).isEmpty()) {
                assertThat(stage.base()).matches(".+:.*\\d.*|debian:[a-z]+-slim");
            }
            assertThat(stage.instructions())
                    .filteredOn(i -> i.arguments().startsWith("--from="))
                    .allSatisfy(
                            copy -> {
                                String from = copy.arguments().split("[= ]", 3)[1];
                                assertThat(dockerfile.stage(from)).isPresent();
                            });
        }
    }

    @Test
    @DisplayName("10.5 No layer of the image holds a secret")
    void holdsNoSecret() {
        assertThat(dockerfile.stages())
                .flatExtracting(Dockerfile.Stage::instructions)
                .filteredOn(i -> i.keyword().equals("ENV") || i.keyword().equals("ARG"))
                .allSatisfy(
                        i ->
                                assertThat(i.arguments())
                                        .doesNotContainPattern("(?i)(password|secret|token)"));
    }
}
