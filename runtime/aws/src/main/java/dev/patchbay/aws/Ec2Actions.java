package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Failed;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.core.needs.PolicyRefusals;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GetSubnetCidrReservationsResponse;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SubnetCidrReservationType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * Each call as an action of EC2. Source of what each does: EC2 API reference. Closes the client that it is given.
 */
final class Ec2Actions implements AutoCloseable {
  /** The most that EC2 gives at once. */
  private static final int PAGE = 1000;

  private final Ec2Client client;
  private final Duration limit;

  Ec2Actions(Ec2Client client, Duration limit) {
    this.client = client;
    this.limit = limit;
  }

  @Override
  public void close() {
    client.close();
  }

  /**
   * Calls EC2, once for each page of the answer.
   *
   * @param call the call
   * @return the answer
   */
  CloudAnswer call(CloudCall call) {
    Attempt attempt = new Attempt(limit);
    try {
      return switch (call) {
        case CloudCall.CreateInterface c -> create(c, attempt);
        case CloudCall.AttachInterface c -> new CloudAnswer.Attached(client.attachNetworkInterface(
            r -> r.networkInterfaceId(c.eniId()).instanceId(c.instanceId()).deviceIndex(c.deviceIndex())
                .networkCardIndex(c.networkCard()).overrideConfiguration(attempt)).attachmentId());
        case CloudCall.DeleteWithInstance c -> done(client.modifyNetworkInterfaceAttribute(
            r -> r.networkInterfaceId(c.eniId()).attachment(a -> a.attachmentId(c.attachmentId()).deleteOnTermination(true))
                .overrideConfiguration(attempt)));
        case CloudCall.SetGroups c -> done(client.modifyNetworkInterfaceAttribute(
            r -> r.networkInterfaceId(c.eniId()).groups(c.groups()).overrideConfiguration(attempt)));
        case CloudCall.AssignAddresses c -> assign(c, attempt);
        case CloudCall.AssignParticular c -> assign(c, attempt);
        case CloudCall.Unassign c -> unassign(c, attempt);
        case CloudCall.Detach c -> done(client.detachNetworkInterface(
            r -> r.attachmentId(c.attachmentId()).overrideConfiguration(attempt)));
        case CloudCall.Delete c -> done(client.deleteNetworkInterface(
            r -> r.networkInterfaceId(c.eniId()).overrideConfiguration(attempt)));
        case CloudCall.Tag c -> done(client.createTags(
            r -> r.resources(c.eniId()).tags(tags(c.tags())).overrideConfiguration(attempt)));
        case CloudCall.DescribeAttached c -> describe(attempt,
            r -> r.filters(filter("attachment.instance-id", c.instanceId())).maxResults(PAGE));
        case CloudCall.DescribeTagged c -> describe(attempt,
            r -> r.filters(filter("tag:" + c.key(), c.value())).maxResults(PAGE));
        // By filter, not by id: one that does not exist is then an empty list, not an error.
        case CloudCall.DescribeInterface c -> describe(attempt,
            r -> r.filters(filter("network-interface-id", c.eniId())).maxResults(PAGE));
        case CloudCall.DescribeSubnets c -> subnets(c, attempt);
        case CloudCall.DescribeReservations c -> reservations(c, attempt);
        case CloudCall.DescribeGroups c -> groups(c, attempt);
        case CloudCall.DescribeType c -> type(c, attempt);
        case CloudCall.OfCluster c -> new ClusterActions(client).call(c, attempt);
      };
    } catch (SdkException e) {
      return Failures.of(e, attempt.sent());
    } catch (RuntimeException e) {
      // An answer that can't be understood says nothing about what was done.
      return new Failed(attempt.sent() ? Kind.UNKNOWN : Kind.REFUSED, e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Asks for actions without doing them.
   *
   * @param actions the actions
   * @param metadata names things of this node to ask with
   * @return those that the caller's policy does not allow
   */
  List<String> denied(List<String> actions, InstanceMetadata metadata) {
    DryRuns runs = new DryRuns(client, metadata);
    return actions.stream().filter(action -> {
      Attempt attempt = new Attempt(limit);
      try {
        runs.run(action, attempt);
        return false;
      } catch (SdkException e) {
        return PolicyRefusals.isOne(Failures.of(e, attempt.sent()));
      }
    }).toList();
  }

  private CloudAnswer create(CloudCall.CreateInterface c, Attempt attempt) {
    CreateNetworkInterfaceRequest.Builder request = CreateNetworkInterfaceRequest.builder().clientToken(c.clientToken())
        .subnetId(c.subnetId()).groups(c.groups()).overrideConfiguration(attempt);
    if (!c.description().isEmpty()) {
      request.description(c.description());
    }
    // The usual type is the one that is not named: the parameter does not take it.
    if (!c.type().equals("interface")) {
      request.interfaceType(c.type());
    }
    if (!c.tags().isEmpty()) {
      request.tagSpecifications(
          TagSpecification.builder().resourceType(ResourceType.NETWORK_INTERFACE).tags(tags(c.tags())).build());
    }
    boolean four = c.family() == AddressFamily.IPV4;
    count(c.addresses(), four ? request::secondaryPrivateIpAddressCount : request::ipv6AddressCount);
    count(c.prefixes(), four ? request::ipv4PrefixCount : request::ipv6PrefixCount);
    return new CloudAnswer.Made(Records.eni(client.createNetworkInterface(request.build()).networkInterface()));
  }

  private CloudAnswer assign(CloudCall.AssignAddresses c, Attempt attempt) {
    return switch (c.family()) {
      case IPV4 -> assigned(client.assignPrivateIpAddresses(r -> {
        r.networkInterfaceId(c.eniId()).overrideConfiguration(attempt);
        count(c.addresses(), r::secondaryPrivateIpAddressCount);
        count(c.prefixes(), r::ipv4PrefixCount);
      }));
      case IPV6 -> assigned(client.assignIpv6Addresses(r -> {
        r.networkInterfaceId(c.eniId()).overrideConfiguration(attempt);
        count(c.addresses(), r::ipv6AddressCount);
        count(c.prefixes(), r::ipv6PrefixCount);
      }));
    };
  }

  private CloudAnswer assign(CloudCall.AssignParticular c, Attempt attempt) {
    return switch (c.address().family()) {
      case IPV4 -> assigned(client.assignPrivateIpAddresses(r -> r.networkInterfaceId(c.eniId())
          .privateIpAddresses(c.address().toString()).allowReassignment(false).overrideConfiguration(attempt)));
      case IPV6 -> assigned(client.assignIpv6Addresses(r -> r.networkInterfaceId(c.eniId())
          .ipv6Addresses(c.address().toString()).overrideConfiguration(attempt)));
    };
  }

  private static CloudAnswer assigned(AssignPrivateIpAddressesResponse answer) {
    return new CloudAnswer.Assigned(Stream.concat(
        answer.assignedPrivateIpAddresses().stream().map(a -> IpAddress.of(a.privateIpAddress()).asCidr()),
        answer.assignedIpv4Prefixes().stream().map(p -> Cidr.of(p.ipv4Prefix()))).toList());
  }

  private static CloudAnswer assigned(AssignIpv6AddressesResponse answer) {
    return new CloudAnswer.Assigned(Stream.concat(
        answer.assignedIpv6Addresses().stream().map(a -> IpAddress.of(a).asCidr()),
        answer.assignedIpv6Prefixes().stream().map(Cidr::of)).toList());
  }

  private CloudAnswer unassign(CloudCall.Unassign c, Attempt attempt) {
    AddressFamily family = c.units().getFirst().family();
    List<String> addresses = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (Cidr unit : c.units()) {
      if (unit.length() == family.bits()) {
        addresses.add(unit.address().toString());
      } else {
        prefixes.add(unit.toString());
      }
    }
    return switch (family) {
      case IPV4 -> done(client.unassignPrivateIpAddresses(r -> {
        r.networkInterfaceId(c.eniId()).overrideConfiguration(attempt);
        some(addresses, r::privateIpAddresses);
        some(prefixes, r::ipv4Prefixes);
      }));
      case IPV6 -> done(client.unassignIpv6Addresses(r -> {
        r.networkInterfaceId(c.eniId()).overrideConfiguration(attempt);
        some(addresses, r::ipv6Addresses);
        some(prefixes, r::ipv6Prefixes);
      }));
    };
  }

  private CloudAnswer describe(Attempt attempt, Consumer<DescribeNetworkInterfacesRequest.Builder> what) {
    List<EniRecord> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeNetworkInterfacesResponse page = client.describeNetworkInterfaces(r -> {
        what.accept(r);
        r.nextToken(token).overrideConfiguration(attempt);
      });
      page.networkInterfaces().forEach(eni -> found.add(Records.eni(eni)));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Interfaces(found);
  }

  private CloudAnswer subnets(CloudCall.DescribeSubnets c, Attempt attempt) {
    List<SubnetRecord> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeSubnetsResponse page = client.describeSubnets(
          r -> r.filters(filter("vpc-id", c.vpcId()), filter("availability-zone", c.zone())).maxResults(PAGE)
              .nextToken(token).overrideConfiguration(attempt));
      page.subnets().forEach(subnet -> found.add(Records.subnet(subnet)));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Subnets(found);
  }

  private CloudAnswer reservations(CloudCall.DescribeReservations c, Attempt attempt) {
    List<Cidr> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      GetSubnetCidrReservationsResponse page = client.getSubnetCidrReservations(
          r -> r.subnetId(c.subnetId()).maxResults(PAGE).nextToken(token).overrideConfiguration(attempt));
      page.subnetIpv4CidrReservations().stream().filter(r -> r.reservationType() == SubnetCidrReservationType.PREFIX)
          .forEach(r -> found.add(Cidr.of(r.cidr())));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Reservations(found);
  }

  private CloudAnswer groups(CloudCall.DescribeGroups c, Attempt attempt) {
    List<Filter> filters = new ArrayList<>(List.of(filter("vpc-id", c.vpcId())));
    c.tags().forEach((key, value) -> filters.add(value.isEmpty() ? filter("tag-key", key) : filter("tag:" + key, value)));
    List<String> found = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      DescribeSecurityGroupsResponse page = client.describeSecurityGroups(
          r -> r.filters(filters).maxResults(PAGE).nextToken(token).overrideConfiguration(attempt));
      page.securityGroups().forEach(group -> found.add(group.groupId()));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    return new CloudAnswer.Groups(found);
  }

  private CloudAnswer type(CloudCall.DescribeType c, Attempt attempt) {
    List<InstanceTypeInfo> types =
        client.describeInstanceTypes(r -> r.instanceTypesWithStrings(c.name()).overrideConfiguration(attempt)).instanceTypes();
    return types.isEmpty()
        ? new Failed(Kind.NOT_FOUND, "InvalidInstanceType", "EC2 knows no instance type " + c.name() + " in this region")
        : new CloudAnswer.Type(Records.type(types.getFirst()));
  }

  private static CloudAnswer done(Object answer) {
    return new CloudAnswer.Done();
  }

  private static void count(int count, Consumer<Integer> parameter) {
    if (count > 0) {
      parameter.accept(count);
    }
  }

  private static void some(List<String> values, Consumer<List<String>> parameter) {
    if (!values.isEmpty()) {
      parameter.accept(values);
    }
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList();
  }
}
