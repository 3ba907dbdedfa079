package dev.patchbay.node.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.needs.Side;
import dev.patchbay.core.needs.SideNeeds;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CloudCheckTest {
  private static final SideNeeds NEEDS = SideNeeds.of(Side.NODE, Map.of("some", ModeDescriptor.of("Some.").needs(
      Needs.none().withNodeActions("AssignPrivateIpAddresses", "CreateTags", "DeleteNetworkInterface")).build()));
  private static final CloudAnswer DONE = new CloudAnswer.Done();
  private static final CloudAnswer REFUSED =
      new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "UnauthorizedOperation", "You are not authorized.");

  private final Map<String, Finding> shown = new TreeMap<>();
  private int tellings;
  private final CloudCheck check = new CloudCheck(NEEDS, new Board("iam", (about, finding) -> {
    tellings++;
    finding.ifPresentOrElse(f -> shown.put(about, f), () -> shown.remove(about));
  }));
  private final Cloud cloud = new Cloud();

  /** A cloud that denies some dry runs; actions that assign have none. */
  private static final class Cloud implements CloudClient {
    private final Set<String> denied = new HashSet<>();
    private final List<List<String>> asked = new ArrayList<>();
    private boolean metadataAway;

    @Override
    public CloudAnswer call(CloudCall call) {
      throw new AssertionError("a check changes nothing");
    }

    @Override
    public InstanceMetadata metadata() {
      if (metadataAway) {
        throw new CloudException("it is away", new IllegalStateException());
      }
      return new InstanceMetadata(
          new NodeIdentity("i-1", "m5.large", "cn-north-1", "cn-north-1a", "vpc-1", MacAddress.of("02:00:00:00:00:01")), List.of(),
          List.of(), List.of());
    }

    @Override
    public Optional<InstanceTypeRecord> type(String name) {
      return Optional.empty();
    }

    @Override
    public List<String> denied(List<String> actions) {
      asked.add(actions);
      return actions.stream().filter(denied::contains).filter(action -> !action.startsWith("Assign")).toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void onlyWhatNoCallHasShownIsAskedFor() {
    check.called("DescribeNetworkInterfaces", DONE);
    check.called("CreateTags", DONE);
    assertThat(check.ask(cloud)).as("worth asking again").isFalse();
    assertThat(cloud.asked).containsExactly(
        List.of("AssignPrivateIpAddresses", "DeleteNetworkInterface", "DescribeInstanceTypes"));
    assertThat(tellings).isZero();
  }

  @Test
  void whatADryRunDeniesIsNamedWithItsStatementUntilItIsAllowed() {
    cloud.denied.add("DeleteNetworkInterface");
    assertThat(check.ask(cloud)).isTrue();
    assertThat(shown).containsOnlyKeys("iam DeleteNetworkInterface");
    Finding finding = shown.values().iterator().next();
    assertThat(finding.code()).isEqualTo(Codes.CLOUD_DENIED);
    assertThat(finding.subject()).contains("ec2:DeleteNetworkInterface");
    assertThat(finding.cause()).contains("does not allow ec2:DeleteNetworkInterface", "some needs it");
    assertThat(finding.remedy()).contains("{\"Effect\": \"Allow\", \"Action\": [\"ec2:DeleteNetworkInterface\"], \"Resource\":"
        + " [\"arn:aws-cn:ec2:*:*:network-interface/*\"]}", "patchbay permissions --iam");
    assertThat(check.ask(cloud)).isTrue();
    assertThat(tellings).as("nothing twice").isEqualTo(1);
    cloud.denied.clear();
    assertThat(check.ask(cloud)).isFalse();
    assertThat(shown).isEmpty();
  }

  @Test
  void anActionWithoutDryRunIsLearnedAtItsFirstRefusalAndForgivenAtItsFirstSuccess() {
    cloud.denied.add("AssignPrivateIpAddresses");
    assertThat(check.ask(cloud)).isFalse();
    check.called("AssignPrivateIpAddresses", REFUSED);
    check.called("AssignPrivateIpAddresses", REFUSED);
    assertThat(shown).containsOnlyKeys("iam AssignPrivateIpAddresses");
    assertThat(tellings).isEqualTo(1);
    assertThat(check.ask(cloud)).as("a dry run that says nothing is no pardon").isTrue();
    assertThat(shown).hasSize(1);
    check.called("AssignPrivateIpAddresses", DONE);
    assertThat(shown).isEmpty();
  }

  @Test
  void aRefusalCountsForMoreThanADryRunThatAllows() {
    check.called("CreateTags", REFUSED);
    assertThat(check.ask(cloud)).isTrue();
    assertThat(cloud.asked.getFirst()).doesNotContain("CreateTags");
    assertThat(shown).containsOnlyKeys("iam CreateTags");
  }

  @Test
  void credentialsThatExpiredAreNoMissingPermission() {
    check.called("CreateTags", new CloudAnswer.Failed(CloudAnswer.Kind.DENIED, "RequestExpired", "It is too late."));
    check.called("CreateTags", new CloudAnswer.Failed(CloudAnswer.Kind.THROTTLED, "RequestLimitExceeded", "Slow down."));
    assertThat(shown).isEmpty();
  }

  @Test
  void anActionThatNobodyDeclaredIsNamedTooAndMetadataNeedNotBeThere() {
    cloud.metadataAway = true;
    cloud.denied.add("CreateTags");
    check.ask(cloud);
    check.called("BlessNetworkInterface", REFUSED);
    assertThat(shown.values()).extracting(f -> f.subject().orElse(""))
        .containsExactly("ec2:BlessNetworkInterface", "ec2:CreateTags");
  }
}
