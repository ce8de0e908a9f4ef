package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class ComposeTest {
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)[^}]*}");

    private final Path file = Deploy.path("compose/compose.yaml");
    private final Map<String, Object> compose = Deploy.yaml(file);
    private final Map<String, Object> services = Deploy.map(Deploy.at(compose, "services"));

    @Test
    @DisplayName("14.3 Every file that the compose file names is there")
    void refersToFilesThatExist() {
        Path folder = Deploy.path("compose");
        services.forEach(
                (name, service) -> {
                    for (Object volume : Deploy.list(Deploy.at(service, "volumes"))) {
                        String source = String.valueOf(volume).split(":", 2)[0];
                        if (source.startsWith(".")) {
                            assertThat(folder.resolve(source)).as(name).exists();
                        } else {
                            assertThat(Deploy.map(Deploy.at(compose, "volumes")))
                                    .as(name)
                                    .containsKey(source);
                        }
                    }
                    if (Deploy.map(service).containsKey("build")) {
                        Path context =
                                folder.resolve(Deploy.at(service, "build", "context").toString());
                        assertThat(
                                        context.resolve(
                                                Deploy.at(service, "build", "dockerfile")
                                                        .toString()))
                                .as(name)
                                .exists();
                    }
                });
    }

    @Test
    @DisplayName("14.3 A service starts when what it needs is healthy")
    void startsInTheOrderOfHealth() {
        services.forEach(
                (name, service) ->
                        Deploy.map(Deploy.at(service, "depends_on"))
                                .forEach(
                                        (needed, condition) -> {
                                            assertThat(Deploy.at(condition, "condition"))
                                                    .as("%s on %s", name, needed)
                                                    .isEqualTo("service_healthy");
                                            assertThat(healthCheckOf(needed)).isTrue();
                                        }));
    }

    private boolean healthCheckOf(String service) {
        return Deploy.map(Deploy.at(services, service)).containsKey("healthcheck");
    }

    @Test
    @DisplayName("10.5 No password stands in the compose file, each is an example in .env.example")
    void holdsNoSecret() {
        String text = Deploy.text(file);
        Set<String> used =
                VARIABLE.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet());
        Set<String> exampled =
                Deploy.text(Deploy.path("compose/.env.example"))
                        .lines()
                        .filter(line -> line.contains("="))
                        .map(line -> line.split("=", 2)[0])
                        .collect(Collectors.toSet());

        assertThat(used).isEqualTo(exampled);
        services.forEach(
                (name, service) ->
                        Deploy.map(Deploy.at(service, "environment"))
                                .forEach(
                                        (key, value) -> {
                                            if (key.matches(".*(PASSWORD|SECRET|TOKEN).*")) {
                                                assertThat(value.toString()).matches(VARIABLE);
                                            }
                                        }));
    }

    @Test
    @DisplayName("14.3 Ports are published to this machine only")
    void publishesToThisMachineOnly() {
        assertThat(services.values())
                .flatExtracting(service -> Deploy.list(Deploy.at(service, "ports")))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port.toString()).startsWith("127.0.0.1:"));
    }

    @Test
    @DisplayName("14.3 The compose file has the real servers")
    void hasTheServers() {
        assertThat(services.keySet()).containsAll(List.of("mongodb", "kafka", "postgres", "redis"));
    }
}
