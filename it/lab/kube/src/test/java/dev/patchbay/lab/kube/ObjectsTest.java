package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Objects as the fabric8 client makes, reads, changes and deletes them. */
class ObjectsTest {
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

  static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("app", name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage("registry.k8s.io/pause:3.10")
        .endContainer()
        .endSpec()
        .build();
  }

  private static ConfigMap configMap(String name, String value) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withData(Map.of("key", value))
        .build();
  }

  @Test
  void anObjectIsMadeReadChangedAndDeleted() {
    ConfigMap made = client.configMaps().resource(configMap("life", "one")).create();
    assertThat(made.getMetadata().getUid()).isNotBlank();
    assertThat(made.getMetadata().getCreationTimestamp()).isNotBlank();
    assertThat(made.getMetadata().getNamespace()).isEqualTo("default");

    ConfigMap changed =
        client.configMaps().resource(new ConfigMapBuilder(made).addToData("key", "two").build()).update();
    assertThat(changed.getData()).containsEntry("key", "two");
    assertThat(Long.parseLong(changed.getMetadata().getResourceVersion()))
        .isGreaterThan(Long.parseLong(made.getMetadata().getResourceVersion()));
    assertThat(changed.getMetadata().getUid()).isEqualTo(made.getMetadata().getUid());

    assertThat(client.configMaps().withName("life").delete()).hasSize(1);
    assertThat(client.configMaps().withName("life").get()).isNull();
  }

  @Test
  void aSecondObjectOfTheNameIsRefused() {
    client.configMaps().resource(configMap("taken", "one")).create();
    assertThatThrownBy(() -> client.configMaps().resource(configMap("taken", "two")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists");
              assertThat(e.getStatus().getMessage()).isEqualTo("configmaps \"taken\" already exists");
            });
  }

  @Test
  void anUpdateOfAnOldVersionIsAConflict() {
    ConfigMap made = client.configMaps().resource(configMap("contended", "one")).create();
    client.configMaps().resource(new ConfigMapBuilder(made).addToData("key", "two").build()).update();
    assertThatThrownBy(
            () ->
                client
                    .configMaps()
                    .resource(new ConfigMapBuilder(made).addToData("key", "three").build())
                    .update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getStatus().getReason()).isEqualTo("Conflict");
              assertThat(e.getStatus().getMessage())
                  .isEqualTo(
                      "Operation cannot be fulfilled on configmaps \"contended\": the object has been modified; please"
                          + " apply your changes to the latest version and try again");
            });
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheVersion() {
    ConfigMap made = client.configMaps().resource(configMap("still", "one")).create();
    ConfigMap same = client.configMaps().resource(new ConfigMapBuilder(made).build()).update();
    assertThat(same.getMetadata().getResourceVersion()).isEqualTo(made.getMetadata().getResourceVersion());
  }

  @Test
  void namesAreGeneratedAndChecked() {
    ConfigMap generated =
        client
            .configMaps()
            .resource(new ConfigMapBuilder().withNewMetadata().withGenerateName("gen-").endMetadata().build())
            .create();
    assertThat(generated.getMetadata().getName()).matches("gen-[a-z0-9]{5}");
    assertThatThrownBy(() -> client.configMaps().resource(configMap("Not_A_Name", "x")).create())
        .hasMessageContaining("a lowercase RFC 1123 subdomain must consist of");
  }

  @Test
  void nothingIsMadeInANamespaceThatIsNotThere() {
    assertThatThrownBy(() -> client.configMaps().inNamespace("nowhere").resource(configMap("a", "b")).create())
        .hasMessageContaining("namespaces \"nowhere\" not found");
  }

  @Test
  void statusAndSpecAreWrittenApart() {
    Pod made = client.pods().resource(pod("apart")).create();
    assertThat(made.getStatus().getPhase()).isEqualTo("Pending");
    assertThat(made.getSpec().getServiceAccountName()).isEqualTo("default");

    Pod running = new PodBuilder(made).editStatus().withPhase("Running").withPodIP("10.0.0.9").endStatus().build();
    Pod ignored = client.pods().resource(running).update();
    assertThat(ignored.getStatus().getPhase()).isEqualTo("Pending");
    Pod written = client.pods().resource(running).updateStatus();
    assertThat(written.getStatus().getPodIP()).isEqualTo("10.0.0.9");
    assertThat(client.pods().withField("status.podIP", "10.0.0.9").list().getItems()).hasSize(1);

    assertThatThrownBy(
            () ->
                client
                    .pods()
                    .resource(new PodBuilder(written).editSpec().withHostname("other").endSpec().build())
                    .update())
        .hasMessageContaining("pod updates may not change fields other than");
  }

  @Test
  void aNodeRegistersWithItsStatus() {
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName("node-a")
            .endMetadata()
            .withNewStatus()
            .addToCapacity("pods", new Quantity("29"))
            .endStatus()
            .build();
    client.nodes().resource(node).create();
    Node read = client.nodes().withName("node-a").get();
    assertThat(read.getStatus().getCapacity()).containsEntry("pods", new Quantity("29"));
    assertThat(read.getStatus().getAllocatable()).containsEntry("pods", new Quantity("29"));
    assertThat(client.nodes().withField("metadata.name", "node-a").list().getItems()).hasSize(1);
  }

  @Test
  void selectorsSelect() {
    client.pods().resource(pod("red")).create();
    client.pods().resource(pod("blue")).create();
    assertThat(client.pods().withLabel("app", "red").list().getItems())
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("red");
    assertThat(client.pods().withLabelIn("app", "red", "blue").list().getItems()).hasSize(2);
    assertThat(client.pods().withLabelNotIn("app", "red").withLabel("app").list().getItems())
        .extracting(each -> each.getMetadata().getName())
        .contains("blue")
        .doesNotContain("red");
    server.objects().bind("default", "red", "node-b");
    assertThat(client.pods().withField("spec.nodeName", "node-b").list().getItems())
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("red");
    assertThatThrownBy(() -> client.pods().withField("spec.color", "red").list())
        .hasMessageContaining("field label not supported: spec.color");
  }

  @Test
  void aPodOnANodeIsMarkedAndWaitsForItsKubelet() {
    client.pods().resource(pod("graceful")).create();
    server.objects().bind("default", "graceful", "node-c");
    client.pods().withName("graceful").delete();
    Pod marked = client.pods().withName("graceful").get();
    assertThat(marked.getMetadata().getDeletionTimestamp()).isNotBlank();
    assertThat(marked.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);
    client.pods().withName("graceful").withGracePeriod(0).delete();
    assertThat(client.pods().withName("graceful").get()).isNull();
  }

  @Test
  void finalizersKeepAnObject() {
    ConfigMap kept =
        new ConfigMapBuilder(configMap("kept", "x")).editMetadata().addToFinalizers("patchbay.dev/keep").endMetadata().build();
    client.configMaps().resource(kept).create();
    client.configMaps().withName("kept").delete();
    assertThat(client.configMaps().withName("kept").get().getMetadata().getDeletionTimestamp()).isNotBlank();
    client
        .configMaps()
        .withName("kept")
        .edit(present -> new ConfigMapBuilder(present).editMetadata().withFinalizers().endMetadata().build());
    assertThat(client.configMaps().withName("kept").get()).isNull();
  }
}
