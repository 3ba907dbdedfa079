package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read and written at once: only of the version that it was made of, and never in silence. */
class KubeDirectTest {
  private static final ObjectRef LEASE = new ObjectRef(RuntimeNeeds.LEASE, "kube-system", "some");

  private KubeLab lab;
  private ClusterClient client;

  @BeforeEach
  void start() {
    lab = new KubeLab();
    lab.allowAlso(RuntimeNeeds.LEASE);
    client = lab.open(new Heard());
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private static Fields holder(String name) {
    return Fields.empty().with("spec", Fields.empty().with("holderIdentity", name).with("leaseDurationSeconds", 30)
        .with("renewTime", "2026-03-05T10:02:42.000000Z"));
  }

  private static Optional<String> holder(Optional<ObjectRecord> lease) {
    return lease.flatMap(l -> l.content().fields("spec").text("holderIdentity"));
  }

  @Test
  void anObjectIsMadeOnceAndChangedByWhoKnowsItsVersion() {
    assertThat(client.read(LEASE)).isEmpty();
    ObjectRecord made = client.write(LEASE, "", holder("a")).orElseThrow();
    assertThat(holder(Optional.of(made))).contains("a");
    assertThat(client.write(LEASE, "", holder("b"))).as("there is one already").isEmpty();
    ObjectRecord changed = client.write(LEASE, made.resourceVersion(), holder("b")).orElseThrow();
    assertThat(client.write(LEASE, made.resourceVersion(), holder("c"))).as("it is not of that version any more").isEmpty();
    assertThat(client.read(LEASE)).hasValueSatisfying(now -> {
      assertThat(holder(Optional.of(now))).contains("b");
      assertThat(now.resourceVersion()).isEqualTo(changed.resourceVersion());
      assertThat(now.content().fields("spec").number("leaseDurationSeconds")).hasValue(30);
    });
    lab.api.objects().deleteNow("leases.coordination.k8s.io", "kube-system", "some");
    assertThat(client.write(LEASE, changed.resourceVersion(), holder("c"))).as("it is gone").isEmpty();
  }

  @Test
  void whatFailsIsSaid() {
    lab.allow(KubeLab.usual());
    Assertions.assertThatThrownBy(() -> client.read(LEASE)).isInstanceOf(ClusterException.class)
        .hasMessageContaining("Lease kube-system/some can't be read").hasMessageContaining("403");
    lab.api.faults().refuseConnections();
    Assertions.assertThatThrownBy(() -> client.write(LEASE, "", holder("a"))).isInstanceOf(ClusterException.class)
        .hasMessageContaining("can't be written");
    lab.api.faults().comeBack();
  }

  @Test
  void whatIsWithdrawnIsNotWrittenLater() {
    // One wish is granted at a time: while nobody answers the first, the second waits.
    lab.api.faults().hang();
    client.publish(ObjectPlan.empty().withCondition(KubeLab.NODE_REF, "First", true, Code.of(1, "Well"), "well"));
    client.publish(ObjectPlan.empty().withCondition(KubeLab.NODE_REF, "Some", true, Code.of(1, "Well"), "well"));
    client.withdraw();
    lab.api.faults().comeBack();
    // Wished after that, so what was wished before would be written by then.
    client.publish(ObjectPlan.empty().withCondition(KubeLab.NODE_REF, "Other", true, Code.of(1, "Well"), "well"));
    KubeLab.await("that is written", () -> lab.api.objects().get("nodes", "", KubeLab.NODE).orElseThrow().toString().contains("\"Other\""));
    assertThat(lab.api.objects().get("nodes", "", KubeLab.NODE).orElseThrow().toString()).doesNotContain("\"Some\"");
  }
}
