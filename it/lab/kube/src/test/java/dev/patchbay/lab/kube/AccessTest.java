package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in, and what they may do. */
class AccessTest {
  private static KubeApiServer server;

  @BeforeAll
  static void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback());
    server.objects().create("""
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "node-agent", "namespace": "kube-system"}}""");
    server.objects().create("""
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "node-agent"},
         "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
                   {"apiGroups": [""], "resources": ["nodes/status"], "verbs": ["patch"]},
                   {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["one"], "verbs": ["get", "list"]}]}""");
    server.objects().create("""
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "node-agent"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "node-agent"},
         "subjects": [{"kind": "ServiceAccount", "name": "node-agent", "namespace": "kube-system"}]}""");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static KubernetesClient agent() {
    return Clients.fabric8(server, server.serviceAccountToken("kube-system", "node-agent"));
  }

  @Test
  void rolesAllowWhatTheyNameAndNothingElse() {
    try (KubernetesClient client = agent()) {
      assertThat(client.pods().inAnyNamespace().list().getItems()).isEmpty();
      assertThat(client.configMaps().withName("one").get()).isNull();
      assertThatThrownBy(() -> client.secrets().inNamespace("kube-system").list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              e -> {
                assertThat(e.getCode()).isEqualTo(403);
                assertThat(e.getStatus().getReason()).isEqualTo("Forbidden");
                assertThat(e.getStatus().getMessage())
                    .isEqualTo(
                        "secrets is forbidden: User \"system:serviceaccount:kube-system:node-agent\" cannot list"
                            + " resource \"secrets\" in API group \"\" in the namespace \"kube-system\"");
              });
      assertThatThrownBy(() -> client.nodes().list())
          .hasMessageContaining("cannot list resource \"nodes\" in API group \"\" at the cluster scope");
      assertThatThrownBy(() -> client.configMaps().withName("two").get())
          .hasMessageContaining("configmaps \"two\" is forbidden");
      assertThat(client.configMaps().withField("metadata.name", "one").list().getItems()).isEmpty();
    }
  }

  @Test
  void aRoleTakenAwayCountsAtOnce() {
    server.objects().create("""
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
         "metadata": {"name": "guest", "namespace": "default"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
         "subjects": [{"kind": "User", "name": "guest"}]}""");
    try (KubernetesClient client = Clients.fabric8(server, server.tokenFor("guest", List.of()))) {
      assertThat(client.endpoints().list().getItems()).isEmpty();
      assertThatThrownBy(() -> client.endpoints().inNamespace("kube-system").list()).hasMessageContaining("forbidden");
      server.objects().delete("rolebindings.rbac.authorization.k8s.io", "default", "guest");
      assertThatThrownBy(() -> client.endpoints().list()).hasMessageContaining("forbidden");
    }
  }

  @Test
  void whoIsNotKnownIsTurnedAway() throws IOException, InterruptedException {
    try (Clients.Raw nobody = new Clients.Raw(server, "");
        Clients.Raw wrong = new Clients.Raw(server, "no-such-token")) {
      assertThat(nobody.get("/api/v1/pods").statusCode()).isEqualTo(401);
      assertThat(wrong.get("/version").statusCode()).isEqualTo(401);
      assertThat(nobody.get("/version").statusCode()).isEqualTo(200);
      assertThat(nobody.get("/readyz").body()).isEqualTo("ok");
    }
  }

  @Test
  void aTokenDiesWithItsAccount() throws IOException, InterruptedException {
    server.objects().create("""
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "mortal", "namespace": "default"}}""");
    try (Clients.Raw raw = new Clients.Raw(server, server.serviceAccountToken("default", "mortal"))) {
      assertThat(raw.get("/api").statusCode()).isEqualTo(200);
      server.objects().delete("serviceaccounts", "default", "mortal");
      assertThat(raw.get("/api").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void oneMayAskWhatOneMayDo() {
    try (KubernetesClient client = agent()) {
      assertThat(mayI(client, "list", "pods", "")).isTrue();
      assertThat(mayI(client, "patch", "nodes", "status")).isTrue();
      assertThat(mayI(client, "patch", "nodes", "")).isFalse();
    }
  }

  private static boolean mayI(KubernetesClient client, String verb, String resource, String subresource) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withResource(resource)
            .withSubresource(subresource)
            .endResourceAttributes()
            .endSpec()
            .build();
    return client.authorization().v1().selfSubjectAccessReview().create(review).getStatus().getAllowed();
  }
}
