package dev.patchbay.lab.kube;

import static dev.patchbay.lab.kube.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens by itself: namespaces emptied, dependents collected, Leases held, faults injected. */
class LifecycleTest {
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

  private static ConfigMap configMap(String name) {
    return new ConfigMapBuilder().withNewMetadata().withName(name).withNamespace("default").endMetadata().build();
  }

  private static ConfigMap ownedBy(ConfigMap owner, String name) {
    return new ConfigMapBuilder(configMap(name))
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  private static void awaitGone(String name) {
    await().untilAsserted(() -> assertThat(client.configMaps().withName(name).get()).isNull());
  }

  @Test
  void aNamespaceHasAnAccountAndIsEmptiedBeforeItGoes() {
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName("short-lived").endMetadata().build())
        .create();
    await()
        .untilAsserted(
            () -> assertThat(client.serviceAccounts().inNamespace("short-lived").withName("default").get()).isNotNull());
    client.pods().inNamespace("short-lived").resource(ObjectsTest.pod("running")).create();
    server.objects().bind("short-lived", "running", "node-a");
    client.namespaces().withName("short-lived").delete();
    assertThat(client.namespaces().withName("short-lived").get().getStatus().getPhase()).isEqualTo("Terminating");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        client.pods().inNamespace("short-lived").withName("running").get().getMetadata().getDeletionTimestamp())
                    .isNotBlank());
    assertThatThrownBy(() -> client.configMaps().inNamespace("short-lived").resource(
            new ConfigMapBuilder().withNewMetadata().withName("late").endMetadata().build()).create())
        .hasMessageContaining("because it is being terminated");
    server.objects().deleteNow("pods", "short-lived", "running");
    await().untilAsserted(() -> assertThat(client.namespaces().withName("short-lived").get()).isNull());
  }

  @Test
  void dependentsFollowTheirOwner() {
    ConfigMap owner = client.configMaps().resource(configMap("owner")).create();
    client.configMaps().resource(ownedBy(owner, "dependent")).create();
    client.configMaps().withName("owner").delete();
    awaitGone("dependent");
  }

  @Test
  void dependentsGoFirstInTheForeground() {
    ConfigMap owner = client.configMaps().resource(configMap("patient")).create();
    client
        .configMaps()
        .resource(new ConfigMapBuilder(ownedBy(owner, "slow")).editMetadata().addToFinalizers("x/y").endMetadata().build())
        .create();
    client.configMaps().withName("patient").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
    await()
        .untilAsserted(
            () -> assertThat(client.configMaps().withName("slow").get().getMetadata().getDeletionTimestamp()).isNotBlank());
    assertThat(client.configMaps().withName("patient").get().getMetadata().getFinalizers())
        .containsExactly("foregroundDeletion");
    client
        .configMaps()
        .withName("slow")
        .edit(present -> new ConfigMapBuilder(present).editMetadata().withFinalizers().endMetadata().build());
    awaitGone("slow");
    awaitGone("patient");
  }

  @Test
  void orphansLiveOn() {
    ConfigMap owner = client.configMaps().resource(configMap("parent")).create();
    client.configMaps().resource(ownedBy(owner, "orphan")).create();
    client.configMaps().withName("parent").withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
    awaitGone("parent");
    await()
        .untilAsserted(
            () -> assertThat(client.configMaps().withName("orphan").get().getMetadata().getOwnerReferences()).isEmpty());
  }

  @Test
  void aLeaseIsHeldAndHandedOver() throws InterruptedException {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    CompletableFuture<?> first = elect("one", events);
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("one leads");
    CompletableFuture<?> second = elect("two", events);
    Lease lease = client.leases().inNamespace("kube-system").withName("election").get();
    assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("one");
    server.faults().conflicts("leases.coordination.k8s.io", 1);
    first.cancel(true);
    // The lease is given back before that is told, so the other may be faster.
    assertThat(new String[] {next(events), next(events)}).containsExactlyInAnyOrder("one is done", "two leads");
    second.cancel(true);
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("two is done");
    server.faults().clear();
  }

  private static String next(BlockingQueue<String> events) throws InterruptedException {
    return String.valueOf(events.poll(60, TimeUnit.SECONDS));
  }

  private static CompletableFuture<?> elect(String name, BlockingQueue<String> events) {
    LeaderElectionConfig config =
        new LeaderElectionConfigBuilder()
            .withName("election")
            .withLock(new LeaseLock("kube-system", "election", name))
            .withLeaseDuration(Duration.ofSeconds(30))
            .withRenewDeadline(Duration.ofSeconds(20))
            .withRetryPeriod(Duration.ofMillis(100))
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(
                new LeaderCallbacks(() -> events.add(name + " leads"), () -> events.add(name + " is done"), any -> {}))
            .build();
    return client.leaderElector().withConfig(config).build().start();
  }

  @Test
  void conflictsComeAsOftenAsAskedFor() {
    client.configMaps().resource(configMap("stormy")).create();
    server.faults().refuse("update", "configmaps", 409, 2);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> client.configMaps().resource(configMap("stormy")).update())
          .isInstanceOfSatisfying(KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    }
    client.configMaps().resource(configMap("stormy")).update();
  }

  @Test
  void everyRequestIsRecorded() {
    client.configMaps().withName("not-there").get();
    assertThat(server.requests().recent())
        .anySatisfy(
            request -> {
              assertThat(request.name()).isEqualTo("not-there");
              assertThat(request.verb()).isEqualTo("get");
              assertThat(request.resource()).isEqualTo("configmaps");
              assertThat(request.user()).isEqualTo("admin");
              assertThat(request.code()).isEqualTo(404);
            });
    assertThat(server.requests().counts().get("get configmaps 404")).isPositive();
  }
}
