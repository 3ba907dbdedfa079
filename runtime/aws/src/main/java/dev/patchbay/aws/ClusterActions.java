package dev.patchbay.aws;

import dev.patchbay.core.cloud.AssociationRecord;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTrunkInterfaceAssociationsResponse;
import software.amazon.awssdk.services.ec2.model.TrunkInterfaceAssociation;

/** The calls that the cluster side makes. Source of what each does: EC2 API reference. */
final class ClusterActions {
  /** The most that EC2 gives at once. */
  private static final int PAGE = 1000;
  /** Associations come in smaller pages. */
  private static final int PAGE_OF_ASSOCIATIONS = 255;

  private final Ec2Client client;

  ClusterActions(Ec2Client client) {
    this.client = client;
  }

  CloudAnswer call(CloudCall.OfCluster call, Attempt attempt) {
    return switch (call) {
      case CloudCall.DescribeOwned c -> owned(c, attempt);
      case CloudCall.DescribeInstances c -> instances(c, attempt);
      case CloudCall.DescribeAssociations c -> associations(c, attempt);
      case CloudCall.Associate c -> new CloudAnswer.Associations(List.of(record(client.associateTrunkInterface(
          r -> r.clientToken(c.clientToken()).branchInterfaceId(c.branchId()).trunkInterfaceId(c.trunkId()).vlanId(c.vlanId())
              .overrideConfiguration(attempt)).interfaceAssociation())));
      case CloudCall.Disassociate c -> {
        client.disassociateTrunkInterface(
            r -> r.clientToken(c.clientToken()).associationId(c.associationId()).overrideConfiguration(attempt));
        yield new CloudAnswer.Done();
      }
    };
  }

  private CloudAnswer owned(CloudCall.DescribeOwned c, Attempt attempt) {
    List<EniRecord> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeNetworkInterfacesResponse page = client.describeNetworkInterfaces(
          r -> r.filters(Ec2Actions.filter("tag:" + c.key(), c.value()), Ec2Actions.filter("requester-managed", "false"))
              .maxResults(PAGE).nextToken(token).overrideConfiguration(attempt));
      page.networkInterfaces().forEach(eni -> found.add(Records.eni(eni)));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Interfaces(found);
  }

  /** By filter, not by id: one that does not exist is then left out, and not an error for all. */
  private CloudAnswer instances(CloudCall.DescribeInstances c, Attempt attempt) {
    List<InstanceRecord> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeInstancesResponse page = client.describeInstances(
          r -> r.filters(Ec2Actions.filter("instance-id", c.ids().toArray(String[]::new))).maxResults(PAGE).nextToken(token)
              .overrideConfiguration(attempt));
      page.reservations().forEach(reservation -> reservation.instances().forEach(instance -> found.add(Records.instance(instance))));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Instances(found);
  }

  private CloudAnswer associations(CloudCall.DescribeAssociations c, Attempt attempt) {
    List<AssociationRecord> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeTrunkInterfaceAssociationsResponse page = client.describeTrunkInterfaceAssociations(
          r -> r.filters(Ec2Actions.filter("trunk-interface-association.trunk-interface-id", c.trunks().toArray(String[]::new)))
              .maxResults(PAGE_OF_ASSOCIATIONS).nextToken(token).overrideConfiguration(attempt));
      page.interfaceAssociations().forEach(association -> found.add(record(association)));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Associations(found);
  }

  private static AssociationRecord record(TrunkInterfaceAssociation association) {
    Integer vlan = association.vlanId();
    return new AssociationRecord(association.associationId(), association.branchInterfaceId(), association.trunkInterfaceId(),
        vlan == null ? 0 : vlan);
  }
}
