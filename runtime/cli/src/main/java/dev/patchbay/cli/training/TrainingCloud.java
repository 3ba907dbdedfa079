package dev.patchbay.cli.training;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A cloud that is nowhere: an instance with one interface, which has addresses and a prefix for a few pods, and never gets more. Its
 * network is one of those that are for documents (RFC 5737).
 */
final class TrainingCloud implements CloudClient {
  /** The hardware address of the interface. */
  static final String MAC = "02:00:c0:00:02:0a";
  /** Its own address, with its network. */
  static final String ADDRESS = "192.0.2.10/24";
  /** The router of its network. */
  static final String ROUTER = "192.0.2.1";

  private static final Cidr NETWORK = Cidr.of("192.0.2.0/24");
  private static final String INSTANCE = "i-training";
  private static final String SUBNET = "subnet-training";
  private static final int POD_ADDRESSES = 8;

  private static EniRecord eni() {
    IpAddress primary = IpAddress.of("192.0.2.10");
    return new EniRecord("eni-training", MacAddress.of(MAC), "interface", SUBNET, List.of("sg-training"), Optional.of(primary),
        IntStream.rangeClosed(1, POD_ADDRESSES).mapToObj(primary::plus).toList(), List.of(Cidr.of("192.0.2.32/28")),
        Optional.of(new EniRecord.Attachment("eni-attach-training", INSTANCE, 0, 0, true)), Map.of(), "", "in-use");
  }

  private static SubnetRecord subnet() {
    return new SubnetRecord(SUBNET, "zone-a", List.of(NETWORK), OptionalInt.of(0), Map.of());
  }

  @Override
  public InstanceMetadata metadata() {
    return new InstanceMetadata(new NodeIdentity(INSTANCE, "training", "region", "zone-a", "vpc-training", MacAddress.of(MAC)),
        List.of(eni()), List.of(subnet()), List.of(NETWORK));
  }

  @Override
  public CloudAnswer call(CloudCall call) {
    return switch (call) {
      case CloudCall.DescribeAttached _, CloudCall.DescribeInterface _ -> new CloudAnswer.Interfaces(List.of(eni()));
      case CloudCall.DescribeTagged _ -> new CloudAnswer.Interfaces(List.of());
      case CloudCall.DescribeSubnets _ -> new CloudAnswer.Subnets(List.of(subnet()));
      default -> new CloudAnswer.Failed(CloudAnswer.Kind.SUBNET_FULL, "Training", "There is no more.");
    };
  }

  @Override
  public Optional<InstanceTypeRecord> type(String name) {
    return Optional.of(new InstanceTypeRecord(name, List.of(2), POD_ADDRESSES + 2, POD_ADDRESSES + 2, true, false, 0, 2));
  }

  @Override
  public List<String> denied(List<String> actions) {
    return List.of();
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
