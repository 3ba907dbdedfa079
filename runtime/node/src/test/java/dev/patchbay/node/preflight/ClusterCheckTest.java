package dev.patchbay.node.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.needs.NeedCodes;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterCheckTest {
  private static final ObjectKind CONFIG = new ObjectKind("example.com", "v1", "Config", "configs", false);
  private static final SideNeeds NEEDS = SideNeeds.of(Side.NODE,
      Map.of("some", ModeDescriptor.of("Some.").needs(Needs.none().withNodeSubresource(CONFIG, "status", "patch")).build()));

  private final Map<String, Finding> shown = new TreeMap<>();
  private final ClusterCheck check = new ClusterCheck(NEEDS,
      new Board("rbac", (about, finding) -> finding.ifPresentOrElse(f -> shown.put(about, f), () -> shown.remove(about))));
  private final Cluster cluster = new Cluster();

  /** An API server that grants all but some. */
  private static final class Cluster implements ClusterClient {
    private final Set<String> lacking = new HashSet<>();
    private boolean away;

    @Override
    public void publish(ObjectPlan plan) {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public void withdraw() {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public Optional<ObjectRecord> read(ObjectRef ref) {
      throw new AssertionError("a check reads no objects");
    }

    @Override
    public Optional<ObjectRecord> write(ObjectRef ref, String resourceVersion, Fields content) {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public boolean delete(ObjectRef ref, String resourceVersion) {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public List<String> lacking(List<Needs.ObjectRule> rules) {
      if (away) {
        throw new ClusterException("it is away", new IllegalStateException());
      }
      List<String> all = new ArrayList<>();
      for (Needs.ObjectRule rule : rules) {
        String resource = rule.kind().plural() + (rule.subresource().isEmpty() ? "" : "/" + rule.subresource());
        rule.verbs().forEach(v -> all.add(v + " " + resource + (rule.kind().group().isEmpty() ? "" : "." + rule.kind().group())));
      }
      return all.stream().filter(lacking::contains).toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void eachRuleThatIsMissingIsNamedWithWhoNeedsItUntilItIsGranted() {
    cluster.lacking.addAll(Set.of("watch nodes", "patch configs/status.example.com", "get secrets"));
    assertThat(check.ask(cluster)).isTrue();
    assertThat(shown).containsOnlyKeys("rbac watch nodes", "rbac patch configs/status.example.com");
    assertThat(shown.values()).extracting(Finding::code).containsOnly(NeedCodes.RULE_MISSING);
    assertThat(shown.get("rbac patch configs/status.example.com")).extracting(Finding::cause, Finding::remedy).containsExactly(
        "The API server does not let Patchbay patch configs/status.example.com; some needs it.",
        "Add this rule to the role of its service account: {apiGroups: [\"example.com\"], resources: [configs/status], verbs: [patch]}"
            + " `patchbay permissions --rbac` prints the whole role.");
    cluster.lacking.remove("watch nodes");
    assertThat(check.ask(cluster)).isTrue();
    assertThat(shown).containsOnlyKeys("rbac patch configs/status.example.com");
    cluster.lacking.clear();
    assertThat(check.ask(cluster)).isFalse();
    assertThat(shown).isEmpty();
  }

  @Test
  void withoutAnAnswerWhatWasFoundStaysAndItIsWorthAskingAgain() {
    cluster.lacking.add("watch nodes");
    check.ask(cluster);
    cluster.away = true;
    assertThat(check.ask(cluster)).isTrue();
    assertThat(shown).hasSize(1);
  }
}
