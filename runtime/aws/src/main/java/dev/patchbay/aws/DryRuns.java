package dev.patchbay.aws;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * Actions asked for without doing them. The parameters name things of this node, since a policy may depend on them; what is asked for
 * on the primary interface may all the same be allowed for interfaces with certain tags alone, and then counts as denied.
 *
 * <p>Source: EC2 API reference, parameter {@code DryRun} of each action. Actions that assign and unassign addresses have none.
 */
final class DryRuns {
  private final Ec2Client client;
  private final InstanceMetadata metadata;
  private final EniRecord primary;

  DryRuns(Ec2Client client, InstanceMetadata metadata) {
    this.client = client;
    this.metadata = metadata;
    this.primary = metadata.enis().stream().filter(eni -> eni.mac().equals(metadata.identity().primaryMac())).findFirst()
        .orElseGet(() -> metadata.enis().getFirst());
  }

  /** Asks; an action that has no dry run is left alone. The SDK's exception tells the answer, always: a dry run never succeeds. */
  void run(String action, Attempt attempt) {
    String eni = primary.id();
    switch (action) {
      case "AttachNetworkInterface" -> client.attachNetworkInterface(r -> r.dryRun(true).networkInterfaceId(eni)
          .instanceId(metadata.identity().instanceId()).deviceIndex(1).overrideConfiguration(attempt));
      case "CreateNetworkInterface" -> client.createNetworkInterface(r -> r.dryRun(true).subnetId(primary.subnetId())
          .groups(primary.groups()).overrideConfiguration(attempt));
      case "CreateTags" -> client.createTags(r -> r.dryRun(true).resources(eni)
          .tags(Tag.builder().key("patchbay.dev/dry-run").value("").build()).overrideConfiguration(attempt));
      case "DeleteNetworkInterface" ->
          client.deleteNetworkInterface(r -> r.dryRun(true).networkInterfaceId(eni).overrideConfiguration(attempt));
      case "DescribeInstanceTypes" -> client.describeInstanceTypes(r -> r.dryRun(true)
          .instanceTypesWithStrings(metadata.identity().instanceType()).overrideConfiguration(attempt));
      case "DescribeInstances" -> client.describeInstances(r -> r.dryRun(true)
          .instanceIds(metadata.identity().instanceId()).overrideConfiguration(attempt));
      case "DescribeNetworkInterfaces" ->
          client.describeNetworkInterfaces(r -> r.dryRun(true).networkInterfaceIds(eni).overrideConfiguration(attempt));
      case "DescribeSecurityGroups" ->
          client.describeSecurityGroups(r -> r.dryRun(true).groupIds(primary.groups()).overrideConfiguration(attempt));
      case "DescribeSubnets" ->
          client.describeSubnets(r -> r.dryRun(true).subnetIds(primary.subnetId()).overrideConfiguration(attempt));
      case "GetSubnetCidrReservations" ->
          client.getSubnetCidrReservations(r -> r.dryRun(true).subnetId(primary.subnetId()).overrideConfiguration(attempt));
      case "DetachNetworkInterface" -> attachment(attempt).ifPresent(
          id -> client.detachNetworkInterface(r -> r.dryRun(true).attachmentId(id).overrideConfiguration(attempt)));
      case "ModifyNetworkInterfaceAttribute" -> client.modifyNetworkInterfaceAttribute(r -> r.dryRun(true)
          .networkInterfaceId(eni).groups(primary.groups()).overrideConfiguration(attempt));
      default -> {
        // Its first refusal will tell.
      }
    }
  }

  /**
   * The attachment of the primary interface, which the metadata does not name: a policy that names resources can't be tried on an
   * attachment that does not exist.
   */
  private Optional<String> attachment(Attempt attempt) {
    try {
      return client.describeNetworkInterfaces(r -> r.networkInterfaceIds(primary.id()).overrideConfiguration(attempt))
          .networkInterfaces().stream().map(NetworkInterface::attachment).filter(Objects::nonNull)
          .map(NetworkInterfaceAttachment::attachmentId).findFirst();
    } catch (SdkException e) {
      // Then the first refusal will tell.
      return Optional.empty();
    }
  }
}
