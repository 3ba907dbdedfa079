package dev.patchbay.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.KubeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a kubelet puts into a pod's file system: the token of its service account, and the hosts file. In the lab, where pods
 * have no file system of their own, they are laid over the machine's for one process. As there is no DNS in the lab, the hosts
 * file also has the services.
 */
final class PodFiles {
  /** With a file system of its own for /run, as a pod has one; the machine's is as it was when the process has ended. */
  private static final String SCRIPT =
      """
      set -e
      here=$PWD
      mount --bind "$1/hosts" /etc/hosts
      run=$(readlink -f /var/run)
      cd "$1"
      mount -t tmpfs -o mode=0755 tmpfs "$run"
      mkdir -p "$run/secrets/kubernetes.io"
      cp -R serviceaccount "$run/secrets/kubernetes.io/serviceaccount"
      cd "$here"
      shift
      exec "$@"
      """;

  private final KubeApiServer api;
  private final Path folder;

  /**
   * Writes nothing yet.
   *
   * @param folder the pod's own, made when it is needed
   */
  PodFiles(KubeApiServer api, Path folder) {
    this.api = api;
    this.folder = folder;
  }

  /** Writes them as they are now. */
  Place place(LabPod pod) {
    try {
      Path account = Files.createDirectories(folder.resolve("serviceaccount"));
      Files.writeString(account.resolve("token"), api.podToken(pod.namespace(), pod.name()));
      Files.writeString(account.resolve("ca.crt"), api.caPem());
      Files.writeString(account.resolve("namespace"), pod.namespace());
      Files.writeString(folder.resolve("hosts"), hosts(pod));
    } catch (IOException failure) {
      throw new LabException("cannot write the files of pod " + pod.namespace() + "/" + pod.name() + ": " + failure.getMessage(), failure);
    }
    Map<String, String> set = new LinkedHashMap<>();
    set.put("HOSTNAME", pod.name());
    api.objects().get("services", "default", "kubernetes").ifPresent(service -> {
      String port = service.at("/spec/ports/0/port").asText();
      set.put("KUBERNETES_SERVICE_HOST", service.at("/spec/clusterIP").asText());
      set.put("KUBERNETES_SERVICE_PORT", port);
      set.put("KUBERNETES_SERVICE_PORT_HTTPS", port);
    });
    List<String> absent = new ArrayList<>(Clients.MISLEADING);
    absent.add("KUBECONFIG");
    List<String> words =
        List.of(
            "nsenter", "--net=" + pod.netns().path(), "unshare", "--mount", "--propagation", "private",
            "sh", "-c", SCRIPT, "sh", folder.toString());
    return new Place(words, new ClientEnvironment(set, absent, List.of()));
  }

  /** In the words of kubelet, and the cluster addresses by the names that cluster DNS would know. */
  private String hosts(LabPod pod) {
    StringBuilder text = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    pod.addresses().forEach(address -> text.append(address.getHostAddress()).append('\t').append(pod.name()).append('\n'));
    Map<String, String> services = new TreeMap<>();
    for (JsonNode service : api.objects().list("services", "", "")) {
      String namespace = service.at("/metadata/namespace").asText();
      String name = service.at("/metadata/name").asText();
      String full = name + "." + namespace;
      String names = String.join(" ", full, full + ".svc", full + ".svc.cluster.local");
      for (JsonNode address : service.at("/spec/clusterIPs")) {
        if (!address.asText().equals("None")) {
          services.put(address.asText(), namespace.equals(pod.namespace()) ? names + " " + name : names);
        }
      }
    }
    services.forEach((address, names) -> text.append(address).append('\t').append(names).append('\n'));
    return text.toString();
  }

  /** Removes them, if there are any. */
  void remove() {
    try {
      StateDirectory.delete(folder);
    } catch (IOException failure) {
      throw new LabException("cannot remove " + folder + ": " + failure.getMessage(), failure);
    }
  }
}
