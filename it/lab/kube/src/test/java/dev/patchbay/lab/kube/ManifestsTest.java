package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The manifests that the documentation offers hold no field that Kubernetes does not know, and fit together. */
class ManifestsTest {
  private static final Path FILE = Path.of("..", "..", "..", "docs", "manifests", "cluster.yaml");

  private static List<HasMetadata> objects() throws IOException {
    try (KubeApiServer server = KubeApiServer.start(KubeApiOptions.loopback()); KubernetesClient client = Clients.admin(server);
        InputStream file = Files.newInputStream(FILE)) {
      List<HasMetadata> objects = client.load(file).items();
      objects.forEach(object -> assertThat(client.resource(object).create().getMetadata().getUid()).isNotBlank());
      return objects;
    }
  }

  /** Collects fields of an object, and of all below it, that the client's model of Kubernetes does not have. */
  private static void unknown(String path, Object of, List<String> found) throws IllegalAccessException, InvocationTargetException {
    if (of instanceof List<?> list) {
      for (Object each : list) {
        unknown(path, each, found);
      }
    } else if (of != null && of.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
      for (Method method : of.getClass().getMethods()) {
        boolean getter = method.getName().startsWith("get") && method.getParameterCount() == 0;
        if (getter && method.getName().equals("getAdditionalProperties") && method.invoke(of) instanceof Map<?, ?> more) {
          more.keySet().forEach(name -> found.add(path + "." + name));
        } else if (getter && !method.getReturnType().isEnum()) {
          unknown(path + "." + method.getName().substring(3), method.invoke(of), found);
        }
      }
    }
  }

  @Test
  void noFieldIsUnknown() throws Exception {
    List<String> found = new ArrayList<>();
    List<HasMetadata> objects = objects();
    assertThat(objects).extracting(HasMetadata::getKind).containsExactly("Deployment", "Service", "PodDisruptionBudget");
    for (HasMetadata object : objects) {
      unknown(object.getKind(), object, found);
    }
    assertThat(found).isEmpty();
    ((Deployment) objects.getFirst()).setAdditionalProperty("planted", true);
    unknown("Deployment", objects.getFirst(), found);
    assertThat(found).as("what is not known is found").containsExactly("Deployment.planted");
  }

  @Test
  void theServiceLeadsToThePodsOfTheDeployment() throws IOException {
    List<HasMetadata> objects = objects();
    Deployment deployment = (Deployment) objects.get(0);
    Service service = (Service) objects.get(1);
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector())
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    assertThat(deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getPorts())
        .anyMatch(port -> port.getName().equals(service.getSpec().getPorts().getFirst().getTargetPort().getStrVal())
            && port.getContainerPort() == 9443);
  }
}
