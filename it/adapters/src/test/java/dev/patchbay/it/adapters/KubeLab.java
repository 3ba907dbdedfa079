package dev.patchbay.it.adapters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterSettings;
import dev.patchbay.kube.KubeClusterClients;
import dev.patchbay.lab.kube.KubeApiOptions;
import dev.patchbay.lab.kube.KubeApiServer;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** An API server with one node, and the rights that a daemon of Patchbay has there without any mode. */
final class KubeLab implements AutoCloseable {
  static final String NODE = "node-1";
  static final ObjectRef NODE_REF = new ObjectRef(ObjectKind.NODE, "", NODE);
  private static final String ACCOUNT = "patchbay-node";

  final KubeApiServer api = KubeApiServer.start(KubeApiOptions.loopback());
  final Path kubeconfig;
  private final List<AutoCloseable> opened = new ArrayList<>();

  KubeLab() {
    try {
      kubeconfig = Files.createTempFile("kubeconfig", ".json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api.objects().create("""
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "%s", "namespace": "kube-system"}}""".formatted(ACCOUNT));
    allow(usual());
    api.objects().create("""
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "%1$s"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "%1$s"},
         "subjects": [{"kind": "ServiceAccount", "name": "%1$s", "namespace": "kube-system"}]}""".formatted(ACCOUNT));
    node(NODE, "{\"pool\": \"batch\"}");
    writeKubeconfig();
  }

  void writeKubeconfig() {
    try {
      Files.writeString(kubeconfig, api.kubeconfig(ACCOUNT, api.serviceAccountToken("kube-system", ACCOUNT)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rights that a daemon has without any mode. */
  static List<Needs.ObjectRule> usual() {
    return SideNeeds.of(Side.NODE, Map.of()).grants().keySet().stream().map(SideNeeds.Grant::rule).toList();
  }

  /** Gives the daemon these rights and no others. */
  void allow(List<Needs.ObjectRule> rules) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Needs.ObjectRule rule : rules) {
      ObjectNode one = json.addObject();
      one.putArray("apiGroups").add(rule.kind().group());
      one.putArray("resources").add(rule.kind().plural() + (rule.subresource().isEmpty() ? "" : "/" + rule.subresource()));
      ArrayNode verbs = one.putArray("verbs");
      rule.verbs().forEach(verbs::add);
    }
    if (api.objects().get("clusterroles.rbac.authorization.k8s.io", "", ACCOUNT).isEmpty()) {
      ObjectNode role = JsonNodeFactory.instance.objectNode().put("apiVersion", "rbac.authorization.k8s.io/v1").put("kind", "ClusterRole");
      role.putObject("metadata").put("name", ACCOUNT);
      role.set("rules", json);
      api.objects().create(role);
    } else {
      api.objects().update("clusterroles.rbac.authorization.k8s.io", "", ACCOUNT, role -> role.set("rules", json));
    }
  }

  /** Gives the daemon what it has without any mode, and all rights on kinds of objects. */
  void allowAlso(ObjectKind... kinds) {
    List<Needs.ObjectRule> rules = new ArrayList<>(usual());
    for (ObjectKind kind : kinds) {
      for (String subresource : List.of("", "status")) {
        rules.add(new Needs.ObjectRule(kind, subresource, Set.of("get", "list", "watch", "create", "patch")));
      }
    }
    allow(rules);
  }

  void node(String name, String labels) {
    api.objects().create("""
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s", "labels": %s}}""".formatted(name, labels));
  }

  void pod(String name, String node, String annotations) {
    api.objects().create("""
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "%s", "namespace": "default", "labels": {"app": "web"}, "annotations": %s},
         "spec": {"nodeName": "%s", "serviceAccountName": "web", "containers": [{"name": "main", "image": "none",
           "env": [{"name": "PASSWORD", "value": "secret"}],
           "resources": {"requests": {"cpu": "1", "vpc.amazonaws.com/pod-eni": "1"},
             "limits": {"vpc.amazonaws.com/pod-eni": "1"}}}]}}""".formatted(name, annotations, node));
  }

  /** A kind of its own, without a definition yet. */
  static ObjectKind custom(String plural, boolean namespaced) {
    return new ObjectKind("lab.patchbay.dev", "v1", plural.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + plural.substring(1),
        plural, namespaced);
  }

  /** Defines a kind. */
  void define(ObjectKind kind, boolean status) {
    api.objects().create("""
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
         "metadata": {"name": "%1$s.%2$s"},
         "spec": {"group": "%2$s", "scope": "%3$s", "names": {"plural": "%1$s", "kind": "%4$s"},
           "versions": [{"name": "v1", "served": true, "storage": true%5$s,
             "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}"""
        .formatted(kind.plural(), kind.group(), kind.namespaced() ? "Namespaced" : "Cluster", kind.kind(),
            status ? ", \"subresources\": {\"status\": {}}" : ""));
  }

  ClusterClient open(Heard heard, ObjectKind... kinds) {
    ClusterClient client =
        new KubeClusterClients().open(new ClusterSettings(Optional.of(kubeconfig), NODE, List.of(kinds)), heard);
    opened.addFirst(client);
    return client;
  }

  List<ObjectNode> events(String namespace) {
    return api.objects().list("events", namespace, "");
  }

  static void await(String what, Callable<Boolean> there) {
    Awaitility.await(what).atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(there);
  }

  @Override
  public void close() {
    api.faults().clear();
    for (AutoCloseable client : opened) {
      try {
        client.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    api.close();
    try {
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
