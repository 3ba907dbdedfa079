package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Kubeconfig files (Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files"). */
final class Kubeconfig {
  private static final String NAME = "patchbay-lab";

  private Kubeconfig() {}

  static String text(String url, String caPem, String user, String token) {
    ObjectNode config = Json.object().put("apiVersion", "v1").put("kind", "Config");
    config
        .putArray("clusters")
        .addObject()
        .put("name", NAME)
        .putObject("cluster")
        .put("server", url)
        .put(
            "certificate-authority-data",
            Base64.getEncoder().encodeToString(caPem.getBytes(StandardCharsets.US_ASCII)));
    config.putArray("users").addObject().put("name", user).putObject("user").put("token", token);
    config
        .putArray("contexts")
        .addObject()
        .put("name", NAME)
        .putObject("context")
        .put("cluster", NAME)
        .put("user", user)
        .put("namespace", "default");
    config.put("current-context", NAME);
    return config.toPrettyString() + "\n";
  }
}
