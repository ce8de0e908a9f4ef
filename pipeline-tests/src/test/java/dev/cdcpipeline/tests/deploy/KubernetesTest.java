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

    private static final String[] POD_LABELS = {"spec", "template", "metadata", "labels"};

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
    @DisplayName(
            "14.4 Every manifest has the fields of the Kubernetes API, also where no kubectl is")
    void manifestsFitTheKubernetesApi() throws Exception {
        int checked = 0;
        for (Path file : Kustomize.manifests()) {
            for (var object : Deploy.documents(Deploy.text(file))) {
                if (!CUSTOM.contains(kind(object))) {
                    validate(kind(object), JsonParser.parseString(new Gson().toJson(object)));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(10);
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
                        "NetworkPolicy cdc-syncer")
                .containsAnyOf("HorizontalPodAutoscaler cdc-syncer", "ScaledObject cdc-syncer");
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
        var there = new TreeSet<String>();
        for (var object : Kustomize.render(folder)) {
            there.add(kind(object) + " " + name(object));
        }
        for (var pod : pods(folder)) {
            assertThat(there).contains("ServiceAccount " + Deploy.at(pod, "serviceAccountName"));
            for (Object volume : Deploy.list(Deploy.at(pod, "volumes"))) {
                if (Deploy.map(volume).containsKey("configMap")) {
                    assertThat(there)
                            .contains("ConfigMap " + Deploy.at(volume, "configMap", "name"));
                }
            }
            Object container = Deploy.list(Deploy.at(pod, "containers")).getFirst();
            Object secrets = Deploy.list(Deploy.at(container, "envFrom")).getFirst();
            // The base leaves them to whoever uses it.
            if (!folder.endsWith("base")) {
                assertThat(there).contains("Secret " + Deploy.at(secrets, "secretRef", "name"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    @DisplayName("14.4 Whatever selects pods, services or a workload finds them")
    void selectsWhatExists(Path folder) throws Exception {
        var objects = Kustomize.render(folder);
        for (var object : objects) {
            switch (kind(object)) {
                case "Service" ->
                        assertSelects(objects, POD_LABELS, Deploy.at(object, "spec", "selector"));
                case "PodDisruptionBudget" ->
                        assertSelects(
                                objects,
                                POD_LABELS,
                                Deploy.at(object, "spec", "selector", "matchLabels"));
                case "NetworkPolicy" ->
                        assertSelects(
                                objects,
                                POD_LABELS,
                                Deploy.at(object, "spec", "podSelector", "matchLabels"));
                case "ServiceMonitor" ->
                        assertSelects(
                                objects,
                                new String[] {"metadata", "labels"},
                                Deploy.at(object, "spec", "selector", "matchLabels"));
                case "HorizontalPodAutoscaler", "ScaledObject" ->
                        assertThat(Deploy.at(object, "spec", "scaleTargetRef", "name"))
                                .isEqualTo("cdc-syncer");
                default -> {}
            }
        }
    }

    private static void assertSelects(
            List<Map<String, Object>> objects, String[] labels, Object selector) {
        assertThat(Deploy.map(selector)).isNotEmpty();
        assertThat(objects)
                .map(object -> Deploy.map(Deploy.at(object, labels)))
                .anySatisfy(found -> assertThat(found).containsAllEntriesOf(Deploy.map(selector)));
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
