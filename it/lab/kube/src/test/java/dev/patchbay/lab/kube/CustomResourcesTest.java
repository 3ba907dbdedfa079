package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Custom resources: served, validated, defaulted and pruned by their schema. */
class CustomResourcesTest {
  private static final ResourceDefinitionContext SHOPS = context("shops", "Shop", true);
  private static KubeApiServer server;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback());
    client = Clients.admin(server);
    define("shops", "Shop", "Namespaced");
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static ResourceDefinitionContext context(String plural, String kind, boolean namespaced) {
    return new ResourceDefinitionContext.Builder()
        .withGroup("lab.patchbay.dev")
        .withVersion("v1")
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(namespaced)
        .build();
  }

  private static void define(String plural, String kind, String scope) {
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .load(
            new ByteArrayInputStream(
                """
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                 "metadata": {"name": "%1$s.lab.patchbay.dev"},
                 "spec": {"group": "lab.patchbay.dev", "scope": "%3$s",
                   "names": {"plural": "%1$s", "kind": "%2$s", "shortNames": ["sh"]},
                   "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
                     "schema": {"openAPIV3Schema": {"type": "object", "required": ["spec"], "properties": {
                       "spec": {"type": "object", "required": ["subnet"], "properties": {
                         "subnet": {"type": "string", "pattern": "^subnet-[0-9a-f]+$"},
                         "size": {"type": "integer", "minimum": 1, "maximum": 10, "default": 3},
                         "mode": {"type": "string", "enum": ["fast", "classic"]},
                         "groups": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                         "rules": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
                           "items": {"type": "object", "required": ["id"], "properties": {
                             "id": {"type": "string"}, "action": {"type": "string", "default": "allow"}}}},
                         "anything": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}},
                       "status": {"type": "object", "properties": {"phase": {"type": "string"}}}}}}}]}}"""
                    .formatted(plural, kind, scope)
                    .getBytes(StandardCharsets.UTF_8)))
        .create();
  }

  private static GenericKubernetesResource shop(String name, String spec) {
    return Serialization.unmarshal(
        """
        {"apiVersion": "lab.patchbay.dev/v1", "kind": "Shop", "metadata": {"name": "%s", "namespace": "default"},
         "spec": %s}"""
            .formatted(name, spec),
        GenericKubernetesResource.class);
  }

  private static GenericKubernetesResource create(String name, String spec) {
    return client.genericKubernetesResources(SHOPS).inNamespace("default").resource(shop(name, spec)).create();
  }

  @Test
  void whatIsMissingGetsItsDefaultAndWhatIsUnknownIsDropped() {
    GenericKubernetesResource made =
        create("plain", "{\"subnet\": \"subnet-0a\", \"unknown\": 1, \"anything\": {\"goes\": true}}");
    Map<String, Object> spec = made.get("spec");
    assertThat(spec).containsEntry("size", 3).doesNotContainKey("unknown");
    assertThat(spec.get("anything")).isEqualTo(Map.of("goes", true));
    assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void whatTheSchemaForbidsIsRefused() {
    assertInvalid("no-subnet", "{}", "spec.subnet: Required value");
    assertInvalid("pattern", "{\"subnet\": \"vpc-1\"}", "spec.subnet in body should match '^subnet-[0-9a-f]+$'");
    assertInvalid("large", "{\"subnet\": \"subnet-1\", \"size\": 11}", "should be less than or equal to 10");
    assertInvalid("type", "{\"subnet\": \"subnet-1\", \"size\": \"big\"}", "spec.size in body must be of type integer");
    assertInvalid("enum", "{\"subnet\": \"subnet-1\", \"mode\": \"odd\"}", "supported values: \"fast\", \"classic\"");
    assertInvalid("empty", "{\"subnet\": \"subnet-1\", \"groups\": []}", "spec.groups in body should have at least 1 items");
    assertInvalid("item", "{\"subnet\": \"subnet-1\", \"groups\": [7]}", "spec.groups[0] in body must be of type string");
  }

  private static void assertInvalid(String name, String spec, String why) {
    assertThatThrownBy(() -> create(name, spec))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(422);
              assertThat(e.getStatus().getReason()).isEqualTo("Invalid");
            })
        .hasMessageContaining(why);
  }

  @Test
  void statusIsApartAndGenerationCountsTheSpec() {
    GenericKubernetesResource made = create("counted", "{\"subnet\": \"subnet-0b\"}");
    made.setAdditionalProperty("status", Map.of("phase", "Ready"));
    GenericKubernetesResource ignored =
        client.genericKubernetesResources(SHOPS).inNamespace("default").resource(made).update();
    assertThat(ignored.getAdditionalProperties()).doesNotContainKey("status");
    GenericKubernetesResource written =
        client.genericKubernetesResources(SHOPS).inNamespace("default").resource(made).updateStatus();
    assertThat(written.<Object>get("status", "phase")).isEqualTo("Ready");
    assertThat(written.getMetadata().getGeneration()).isEqualTo(1);
    GenericKubernetesResource grown =
        client
            .genericKubernetesResources(SHOPS)
            .inNamespace("default")
            .withName("counted")
            .edit(
                present -> {
                  Map<String, Object> spec = present.get("spec");
                  spec.put("size", 5);
                  return present;
                });
    assertThat(grown.getMetadata().getGeneration()).isEqualTo(2);
    assertThat(grown.<Object>get("status", "phase")).isEqualTo("Ready");
  }

  @Test
  void serverSideApplyMergesListsAsTheSchemaSays() {
    apply("one", "{\"subnet\": \"subnet-1\", \"rules\": [{\"id\": \"a\"}]}");
    GenericKubernetesResource both = apply("two", "{\"subnet\": \"subnet-1\", \"rules\": [{\"id\": \"b\", \"action\": \"deny\"}]}");
    assertThat(both.<List<Map<String, Object>>>get("spec", "rules"))
        .containsExactly(Map.of("id", "a", "action", "allow"), Map.of("id", "b", "action", "deny"));
    GenericKubernetesResource left = apply("one", "{\"subnet\": \"subnet-1\"}");
    assertThat(left.<List<Map<String, Object>>>get("spec", "rules")).containsExactly(Map.of("id", "b", "action", "deny"));
    assertInvalid("twice", "{\"subnet\": \"subnet-1\", \"rules\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}", "Duplicate value");
  }

  private static GenericKubernetesResource apply(String manager, String spec) {
    return client
        .genericKubernetesResources(SHOPS)
        .inNamespace("default")
        .resource(shop("merged", spec))
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .build());
  }

  @Test
  void discoveryNamesIt() {
    assertThat(client.getApiResources("lab.patchbay.dev/v1").getResources())
        .filteredOn(each -> each.getName().equals("shops"))
        .singleElement()
        .satisfies(each -> assertThat(each.getShortNames()).containsExactly("sh"));
    assertThat(client.hasApiGroup("lab.patchbay.dev", true)).isTrue();
  }

  @Test
  void aDefinitionTakesItsObjectsAlong() {
    define("stalls", "Stall", "Cluster");
    ResourceDefinitionContext stalls = context("stalls", "Stall", false);
    GenericKubernetesResource stall =
        Serialization.unmarshal(
            """
            {"apiVersion": "lab.patchbay.dev/v1", "kind": "Stall", "metadata": {"name": "one"},
             "spec": {"subnet": "subnet-1"}}""",
            GenericKubernetesResource.class);
    client.genericKubernetesResources(stalls).resource(stall).create();
    client.apiextensions().v1().customResourceDefinitions().withName("stalls.lab.patchbay.dev").delete();
    Patience.await()
        .untilAsserted(
            () ->
                assertThat(
                        client.apiextensions().v1().customResourceDefinitions().withName("stalls.lab.patchbay.dev").get())
                    .isNull());
    assertThatThrownBy(() -> client.genericKubernetesResources(stalls).list())
        .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(404));
  }

  @Test
  void aMalformedDefinitionIsRefused() {
    assertThatThrownBy(
            () ->
                server.objects().create("""
                    {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                     "metadata": {"name": "odd"},
                     "spec": {"group": "lab.patchbay.dev", "scope": "Sideways", "names": {"plural": "odds", "kind": "Odd"},
                              "versions": []}}"""))
        .isInstanceOfSatisfying(KubeApiException.class, e -> assertThat(e.code()).isEqualTo(422))
        .hasMessageContainingAll(List.of("metadata.name", "spec.scope", "spec.versions").toArray(String[]::new));
  }
}
