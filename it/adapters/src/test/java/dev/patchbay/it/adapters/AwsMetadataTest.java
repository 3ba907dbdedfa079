package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.MacAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the instance's metadata says is what EC2 says, as far as it says it. */
class AwsMetadataTest {
  private static void grow(AwsLab lab, int device, int card, boolean prefixes) {
    InterfaceRequest.Builder request = InterfaceRequest.in(lab.subnet.id());
    NetworkInterface eni = lab.model.interfaces().create(prefixes
        ? request.ipv4PrefixCount(2).ipv6PrefixCount(1).build()
        : request.secondaryCount(4).ipv6Count(2).build());
    lab.model.attachments().attach(eni.id(), lab.node.id(), device, card);
  }

  /** What IMDS can't know, blanked in EC2's answer; the primary interface first, then by card and device. */
  private static List<EniRecord> asMetadata(AwsLab lab) {
    return lab.call(new CloudCall.DescribeAttached(lab.node.id()), CloudAnswer.Interfaces.class).enis().stream()
        .map(e -> new EniRecord(e.id(), e.mac(), e.type(), e.subnetId(), e.groups(), e.primary(), e.addresses(), e.prefixes(),
            e.attachment().map(a -> new EniRecord.Attachment("", a.instanceId(), a.deviceIndex(), a.networkCard(), false)),
            Map.of(), "", e.status()))
        .sorted(Comparator.comparing((EniRecord e) -> e.attachment().orElseThrow().networkCard())
            .thenComparing(e -> e.attachment().orElseThrow().deviceIndex())).toList();
  }

  @ParameterizedTest
  @CsvSource({"m5.large,1", "m5.4xlarge,1", "p4d.24xlarge,4"})
  void theNodeIsReadCompletely(String type, int cards) {
    try (AwsLab lab = new AwsLab(type)) {
      grow(lab, 2, 0, true);
      grow(lab, 1, 0, false);
      for (int card = 1; card < cards; card++) {
        grow(lab, 1, card, false);
      }
      InstanceMetadata read = lab.client.metadata();
      assertThat(read.identity()).isEqualTo(new NodeIdentity(lab.node.id(), type, "eu-west-1", "eu-west-1a", lab.vpc.id(),
          MacAddress.of(lab.primary.mac())));
      assertThat(read.enis()).hasSize(2 + cards).isEqualTo(asMetadata(lab));
      assertThat(read.enis().getFirst().id()).isEqualTo(lab.primary.id());
      assertThat(read.subnets()).containsExactly(new SubnetRecord(lab.subnet.id(), "eu-west-1a",
          List.of(Cidr.of("10.0.0.0/20"), Cidr.of("2001:db8:0:101::/64")), OptionalInt.empty(), Map.of()));
      assertThat(read.vpcCidrs()).containsExactly(Cidr.of("10.0.0.0/16"), Cidr.of("2001:db8:0:100::/56"));
    }
  }

  @Test
  void anInterfaceOfAnotherSubnetAndOneWithoutAddresses() {
    try (AwsLab lab = new AwsLab("p4d.24xlarge")) {
      String other = lab.subnet("10.0.32.0/24", Optional.empty()).id();
      NetworkInterface eni = lab.model.interfaces().create(InterfaceRequest.in(other).build());
      lab.model.attachments().attach(eni.id(), lab.node.id(), 1, 0);
      NetworkInterface fabric =
          lab.model.interfaces().create(InterfaceRequest.in(other).kind(NetworkInterface.Kind.EFA_ONLY).build());
      lab.model.attachments().attach(fabric.id(), lab.node.id(), 1, 1);
      InstanceMetadata read = lab.client.metadata();
      assertThat(read.enis()).isEqualTo(asMetadata(lab));
      assertThat(read.enis().getLast().type()).isEqualTo("efa-only");
      assertThat(read.subnets()).extracting(SubnetRecord::id).containsExactly(lab.subnet.id(), other);
      assertThat(read.subnets().getLast()).isEqualTo(
          new SubnetRecord(other, "", List.of(Cidr.of("10.0.32.0/24")), OptionalInt.empty(), Map.of()));
    }
  }

  @Test
  void aTokenIsKeptAndReplacedWhenItIsRefused() {
    try (AwsLab lab = new AwsLab("m5.large")) {
      InstanceMetadata first = lab.client.metadata();
      lab.client.metadata();
      assertThat(lab.seen("PUT /latest/api/token")).hasSize(1);
      lab.ahead = Duration.ofHours(7);
      assertThat(lab.client.metadata()).isEqualTo(first);
      assertThat(lab.seen("PUT /latest/api/token")).hasSize(2);
      assertThat(lab.ec2.recorder().calls().stream().filter(c -> c.outcome().equals("401"))).hasSize(1);
    }
  }

  @Test
  void whatNeverChangesIsReadOnce() {
    try (AwsLab lab = new AwsLab("m5.large")) {
      lab.client.metadata();
      lab.ec2.recorder().clear();
      lab.client.metadata();
      assertThat(lab.seen("GET /latest/meta-data/instance-id")).isEmpty();
      assertThat(lab.ec2.recorder().calls()).hasSizeLessThan(16);
    }
  }

  @Test
  void failuresHaveWords() {
    try (AwsLab lab = new AwsLab("m5.large")) {
      lab.ec2.faults().add("imds refuse=403");
      assertThatThrownBy(lab.client::metadata).isInstanceOf(CloudException.class)
          .hasMessageContaining(lab.metadata.toString()).hasMessageContaining("HttpEndpoint");
      lab.ec2.faults().clear();
      lab.ec2.faults().add("imds cut");
      assertThatThrownBy(lab.client::metadata).isInstanceOf(CloudException.class).hasMessageContaining("could not be read");
      lab.ec2.faults().clear();
      lab.ec2.faults().add("imds empty");
      assertThatThrownBy(lab.client::metadata).isInstanceOf(CloudException.class).hasMessageContaining("has no");
      lab.ec2.faults().clear();
      assertThat(lab.client.metadata().enis()).hasSize(1);
    }
  }
}
