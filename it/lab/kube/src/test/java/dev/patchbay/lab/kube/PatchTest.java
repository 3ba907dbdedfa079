package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Patches of all four kinds. */
class PatchTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static KubeApiServer server;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback());
    client = Clients.admin(server);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static void configMap(String name) {
    client
        .configMaps()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(Map.of("a", "1", "b", "2"))
                .build())
        .create();
  }

  @Test
  void jsonPatch() {
    configMap("json");
    ConfigMap patched =
        client
            .configMaps()
            .withName("json")
            .patch(
                PatchContext.of(PatchType.JSON),
                """
                [{"op": "test", "path": "/data/a", "value": "1"},
                 {"op": "replace", "path": "/data/a", "value": "one"},
                 {"op": "remove", "path": "/data/b"},
                 {"op": "add", "path": "/metadata/annotations", "value": {"x/y": "1"}},
                 {"op": "copy", "from": "/metadata/annotations/x~1y", "path": "/data/c"}]""");
    assertThat(patched.getData()).isEqualTo(Map.of("a", "one", "c", "1"));
    assertThatThrownBy(
            () ->
                client
                    .configMaps()
                    .withName("json")
                    .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\": \"test\", \"path\": \"/data/a\", \"value\": \"other\"}]"))
        .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
  }

  @Test
  void mergePatch() {
    configMap("merge");
    ConfigMap patched =
        client
            .configMaps()
            .withName("merge")
            .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\": {\"a\": null, \"c\": \"3\"}}");
    assertThat(patched.getData()).isEqualTo(Map.of("b", "2", "c", "3"));
  }

  @Test
  void aPatchThatNamesAVersionIsHeldToIt() {
    configMap("versioned");
    String old = client.configMaps().withName("versioned").get().getMetadata().getResourceVersion();
    client.configMaps().withName("versioned").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\": {\"a\": \"x\"}}");
    assertThatThrownBy(
            () ->
                client
                    .configMaps()
                    .withName("versioned")
                    .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"resourceVersion\": \"" + old + "\"}, \"data\": {\"a\": \"y\"}}"))
        .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void strategicMergePatchMergesListsByTheirKeys() {
    server.objects().create("""
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "strategic"},
         "spec": {"taints": [{"key": "a", "effect": "NoSchedule"}]},
         "status": {"conditions": [{"type": "Ready", "status": "False"}, {"type": "DiskPressure", "status": "False"}],
                    "addresses": [{"type": "InternalIP", "address": "10.0.0.1"}]}}""");
    Node ready =
        client
            .nodes()
            .withName("strategic")
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                """
                {"status": {"conditions": [{"type": "Ready", "status": "True"}],
                            "addresses": [{"type": "Hostname", "address": "strategic"}]}}""");
    assertThat(ready.getStatus().getConditions())
        .extracting(each -> each.getType() + "=" + each.getStatus())
        .containsExactly("Ready=True", "DiskPressure=False");
    assertThat(ready.getStatus().getAddresses()).hasSize(2);
    // Taints have no merge key: the list is replaced.
    Node tainted =
        client
            .nodes()
            .withName("strategic")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\": {\"taints\": [{\"key\": \"b\", \"effect\": \"NoExecute\"}]}}");
    assertThat(tainted.getSpec().getTaints()).extracting("key").containsExactly("b");

    client.pods().resource(ObjectsTest.pod("strategic")).create();
    Pod patched =
        client
            .pods()
            .withName("strategic")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"spec\": {\"containers\": [{\"name\": \"main\", \"image\": \"other\"}]}}");
    assertThat(patched.getSpec().getContainers()).hasSize(1);
    assertThat(patched.getSpec().getContainers().getFirst().getImage()).isEqualTo("other");

    Pod owned =
        client
            .pods()
            .withName("strategic")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"metadata\": {\"finalizers\": [\"patchbay.dev/a\", \"patchbay.dev/b\"]}}");
    assertThat(owned.getMetadata().getFinalizers()).hasSize(2);
    Pod released =
        client
            .pods()
            .withName("strategic")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"metadata\": {\"$deleteFromPrimitiveList/finalizers\": [\"patchbay.dev/a\"]}}");
    assertThat(released.getMetadata().getFinalizers()).containsExactly("patchbay.dev/b");
  }

  private static ConfigMap applied(String name, Map<String, String> data) {
    return new ConfigMapBuilder().withNewMetadata().withName(name).endMetadata().withData(data).build();
  }

  private static ConfigMap apply(String manager, boolean force, ConfigMap configuration) {
    return client
        .configMaps()
        .resource(configuration)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build());
  }

  @Test
  void serverSideApplyKnowsOwners() {
    ConfigMap made = apply("alice", false, applied("shared", Map.of("a", "1", "b", "2")));
    assertThat(made.getMetadata().getManagedFields())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getManager()).isEqualTo("alice");
              assertThat(entry.getOperation()).isEqualTo("Apply");
            });
    ConfigMap again = apply("alice", false, applied("shared", Map.of("a", "1", "b", "2")));
    assertThat(again.getMetadata().getResourceVersion()).isEqualTo(made.getMetadata().getResourceVersion());

    ConfigMap both = apply("bob", false, applied("shared", Map.of("b", "2", "c", "3")));
    assertThat(both.getData()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));

    assertThatThrownBy(() -> apply("bob", false, applied("shared", Map.of("a", "one", "c", "3"))))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getStatus().getMessage())
                  .isEqualTo("Apply failed with 1 conflict: conflict with \"alice\": .data.a");
              assertThat(e.getStatus().getDetails().getCauses())
                  .singleElement()
                  .satisfies(cause -> assertThat(cause.getReason()).isEqualTo("FieldManagerConflict"));
            });

    // Bob no longer names b, which Alice still does; c is his alone.
    ConfigMap less = apply("bob", false, applied("shared", Map.of("d", "4")));
    assertThat(less.getData()).isEqualTo(Map.of("a", "1", "b", "2", "d", "4"));
    ConfigMap forced = apply("bob", true, applied("shared", Map.of("a", "one")));
    assertThat(forced.getData()).isEqualTo(Map.of("a", "one", "b", "2"));
    ConfigMap withdrawn = apply("alice", false, applied("shared", Map.of()));
    assertThat(withdrawn.getData()).isEqualTo(Map.of("a", "one"));
  }

  @Test
  void anUpdateTakesTheFieldsThatItChanges() {
    apply("alice", false, applied("updated", Map.of("a", "1", "b", "2")));
    client
        .configMaps()
        .withName("updated")
        .edit(present -> new ConfigMapBuilder(present).addToData("a", "one").build());
    assertThatThrownBy(() -> apply("alice", false, applied("updated", Map.of("a", "1", "b", "2"))))
        .hasMessageContaining("conflict with")
        .hasMessageContaining(".data.a");
    assertThat(apply("alice", false, applied("updated", Map.of("b", "two"))).getData())
        .isEqualTo(Map.of("a", "one", "b", "two"));
  }

  @Test
  void applyMergesListsByKey() throws IOException, InterruptedException {
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      String path = "/api/v1/namespaces/default/services/lists?fieldManager=";
      String first = """
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "lists"},
           "spec": {"selector": {"app": "x"}, "ports": [{"name": "web", "port": 80}]}}""";
      String second = """
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "lists"},
           "spec": {"ports": [{"name": "dns", "port": 53, "protocol": "UDP"}]}}""";
      String type = "application/apply-patch+yaml";
      assertThat(raw.send("PATCH", path + "one", type, first).statusCode()).isEqualTo(201);
      assertThat(raw.send("PATCH", path + "two", type, second).statusCode()).isEqualTo(200);
      JsonNode both = MAPPER.readTree(raw.get("/api/v1/namespaces/default/services/lists").body());
      assertThat(both.at("/spec/ports")).hasSize(2);
      JsonNode left =
          MAPPER.readTree(
              raw.send("PATCH", path + "two", type, "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"lists\"}}")
                  .body());
      assertThat(left.at("/spec/ports")).hasSize(1);
      assertThat(left.at("/spec/ports/0/name").asText()).isEqualTo("web");
    }
  }

  @Test
  void aPatchOfUnknownKindIsNotTaken() throws IOException, InterruptedException {
    configMap("unknown");
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      String path = "/api/v1/namespaces/default/configmaps/unknown";
      assertThat(raw.send("PATCH", path, "text/plain", "{}").statusCode()).isEqualTo(415);
      assertThat(raw.send("PATCH", path, "application/merge-patch+json", "{no").statusCode()).isEqualTo(400);
      assertThat(raw.send("PATCH", path, "application/apply-patch+yaml", "{}").statusCode()).isEqualTo(422);
    }
  }
}
