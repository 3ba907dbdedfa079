package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Addresses and ports that services are given. */
class ServicesTest {
  private static KubeApiServer server;

  @BeforeAll
  static void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback().withServiceCidrs("10.101.0.0/24", "fd00:1::/112"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ObjectNode service(String name, String spec) {
    return server.objects().create("""
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "%s"}, "spec": %s}""".formatted(name, spec));
  }

  @Test
  void eachServiceGetsAnAddressOfItsOwn() {
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      ObjectNode made = service("plain-" + i, "{\"ports\": [{\"port\": 80}]}");
      assertThat(made.at("/spec/type").asText()).isEqualTo("ClusterIP");
      assertThat(made.at("/spec/clusterIP").asText()).startsWith("10.101.0.");
      assertThat(made.at("/spec/ports/0/targetPort").asInt()).isEqualTo(80);
      addresses.add(made.at("/spec/clusterIP").asText());
    }
    assertThat(addresses).hasSize(20).doesNotContain("10.101.0.1");
  }

  @Test
  void familiesAndNodePorts() {
    ObjectNode dual = service("dual", "{\"ipFamilyPolicy\": \"PreferDualStack\", \"ports\": [{\"port\": 80}]}");
    assertThat(dual.at("/spec/ipFamilies")).hasSize(2);
    assertThat(dual.at("/spec/clusterIPs/1").asText()).startsWith("fd00:1::");
    ObjectNode node = service("node", "{\"type\": \"NodePort\", \"ports\": [{\"port\": 80}]}");
    assertThat(node.at("/spec/ports/0/nodePort").asInt()).isBetween(30_000, 32_767);
    ObjectNode headless = service("headless", "{\"clusterIP\": \"None\", \"selector\": {\"app\": \"x\"}}");
    assertThat(headless.at("/spec/clusterIPs/0").asText()).isEqualTo("None");
  }

  @Test
  void anUpdateKeepsWhatWasGivenOut() {
    ObjectNode made = service("kept", "{\"type\": \"NodePort\", \"ports\": [{\"port\": 80}]}");
    ObjectNode updated =
        server.objects().update(
            "services",
            "default",
            "kept",
            present -> {
              present.withObjectProperty("spec").remove("clusterIP");
              present.withObjectProperty("spec").remove("clusterIPs");
              ((ObjectNode) present.at("/spec/ports/0")).remove("nodePort");
              present.withObjectProperty("spec").putObject("selector").put("app", "kept");
              return present;
            });
    assertThat(updated.at("/spec/clusterIP")).isEqualTo(made.at("/spec/clusterIP"));
    assertThat(updated.at("/spec/ports/0/nodePort")).isEqualTo(made.at("/spec/ports/0/nodePort"));
    assertThatThrownBy(
            () ->
                server.objects().update(
                    "services",
                    "default",
                    "kept",
                    present -> {
                      present.withObjectProperty("spec").put("clusterIP", "10.101.0.250");
                      present.withObjectProperty("spec").putArray("clusterIPs").add("10.101.0.250");
                      return present;
                    }))
        .hasMessageContaining("may not change once set");
  }

  @Test
  void theApiServerIsAService() {
    assertThat(server.objects().get("services", "default", "kubernetes"))
        .hasValueSatisfying(found -> assertThat(found.at("/spec/clusterIP").asText()).isEqualTo("10.101.0.1"));
    assertThat(server.objects().get("endpointslices.discovery.k8s.io", "default", "kubernetes"))
        .hasValueSatisfying(found -> assertThat(found.at("/ports/0/port").asInt()).isEqualTo(server.port()));
  }
}
