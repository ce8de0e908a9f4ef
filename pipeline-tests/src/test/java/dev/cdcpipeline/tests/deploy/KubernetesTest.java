package dev.cdcpipeline.tests.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

class KubernetesTest {
    /** Objects of operators, whose schemas are not those of Kubernetes. */
    private static final Set<String> CUSTOM = Set.of("ServiceMonitor", "ScaledObject");

    static List<Path> folders() throws IOException {
        return Kustomize.folders();
    }

    @ParameterizedTest
    @MethodSource("folders")
    @DisplayName("14.4 Every object has the fields of the Kubernetes API and no others")
    void fitsTheKubernetesApi(Path folder) throws Exception {
        for (var object : Kustomize.render(folder)) {
            if (!CUSTOM.contains(kind(object))) {
                validate(kind(object), JsonParser.parseString(new Gson().toJson(object)));
            }
        }
    }

    @Test
    @DisplayName("14.4 The validation finds a field that does not exist")
    void refusesAnUnknownField() {
        var pod = "{'spec': {'containers': [{'name': 'a', 'imagePullPolcy': 'Always'}]}}";

        assertThatThrownBy(() -> validate("Pod", JsonParser.parseString(pod)))
                .hasMessageContaining("imagePullPolcy");
    }

    @ParameterizedTest
    @MethodSource("folders")
    @DisplayName(
            "14.4 StatefulSet for the Watcher, Deployment for the Syncer, ConfigMaps, Services")
    void hasWhatTheServicesNeed(Path folder) throws Exception {
        var names = new TreeSet<String>();
        for (var object : Kustomize.render(folder)) {
            names.add(kind(object) + " " + name(object).replaceAll("-[a-z0-9]{10}$", ""));
        }

        assertThat(names)
                .contains(
                        "StatefulSet cdc-watcher",
                        "Deployment cdc-syncer",
                        "ConfigMap cdc-watcher",
                        "ConfigMap cdc-syncer",
                        "Service cdc-watcher",
                        "Service cdc-syncer",
                        "PodDisruptionBudget cdc-watcher",
                        "PodDisruptionBudget cdc-syncer",
                        "NetworkPolicy cdc-watcher",
                        "NetworkPolicy cdc-syncer");
    }

    @ParameterizedTest
    @MethodSource("folders")
    @DisplayName("14.4 Pods run without rights, on a read-only root, with probes and limits")
    void runsPodsWithoutRights(Path folder) throws Exception {
        for (var pod : pods(folder)) {
            assertThat(Deploy.at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
            assertThat(Deploy.at(pod, "automountServiceAccountToken")).isEqualTo(false);
            for (Object container : Deploy.list(Deploy.at(pod, "containers"))) {
                var rights = Deploy.map(Deploy.at(container, "securityContext"));
                assertThat(rights)
                        .containsEntry("readOnlyRootFilesystem", true)
                        .containsEntry("allowPrivilegeEscalation", false);
                assertThat(Deploy.at(rights, "capabilities", "drop")).isEqualTo(List.of("ALL"));
                assertThat(Deploy.at(container, "readinessProbe", "httpGet", "path"))
                        .isEqualTo("/health/ready");
                assertThat(Deploy.at(container, "livenessProbe", "httpGet", "path"))
                        .isEqualTo("/health/live");
                assertThat(Deploy.map(Deploy.at(container, "resources", "limits")))
                        .containsKey("memory");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    @DisplayName("14.4 Every ConfigMap, Secret and volume that a pod names is there")
    void namesWhatExists(Path folder) throws Exception {
        var configMaps = new TreeSet<String>();
        for (var object : Kustomize.render(folder)) {
            if (kind(object).equals("ConfigMap")) {
                configMaps.add(name(object));
            }
        }
        for (var pod : pods(folder)) {
            for (Object volume : Deploy.list(Deploy.at(pod, "volumes"))) {
                if (Deploy.map(volume).containsKey("configMap")) {
                    assertThat(configMaps).contains(Deploy.at(volume, "configMap", "name") + "");
                }
            }
        }
    }

    private static List<Map<String, Object>> pods(Path folder) throws Exception {
        var pods =
                Kustomize.render(folder).stream()
                        .filter(
                                object ->
                                        Set.of("StatefulSet", "Deployment").contains(kind(object)))
                        .map(object -> Deploy.map(Deploy.at(object, "spec", "template", "spec")))
                        .toList();
        assertThat(pods).hasSize(2);
        return pods;
    }

    private static String kind(Map<String, Object> object) {
        return Deploy.at(object, "kind").toString();
    }

    private static String name(Map<String, Object> object) {
        return Deploy.at(object, "metadata", "name").toString();
    }

    /** The Java client's models are generated from the API's OpenAPI document and check by it. */
    private static void validate(String kind, JsonElement object) throws Exception {
        String version = kind.equals("HorizontalPodAutoscaler") ? "V2" : "V1";
        var model = Class.forName("io.kubernetes.client.openapi.models." + version + kind);
        try {
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, object);
        } catch (InvocationTargetException e) {
            throw new AssertionError(kind + ": " + e.getCause(), e);
        }
    }
}
