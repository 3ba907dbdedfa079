package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One call to EC2, as a value. Source of what each does: EC2 API reference, under the action that {@link #action()} names.
 */
public sealed interface CloudCall {
  /**
   * {@return the EC2 action}
   */
  String action();

  /**
   * Makes an interface with addresses on it. With one token it is made once, however often it is asked for.
   *
   * @param clientToken the token, at most 64 ASCII characters
   * @param type the interface type
   * @param subnetId the subnet
   * @param groups the security groups
   * @param description the description
   * @param tags the tags, set in the same call
   * @param family the family of the addresses
   * @param addresses how many secondary addresses; 0 if prefixes are asked for
   * @param prefixes how many prefixes; 0 if addresses are asked for
   */
  record CreateInterface(String clientToken, String type, String subnetId, List<String> groups, String description,
      Map<String, String> tags, AddressFamily family, int addresses, int prefixes) implements CloudCall {
    /**
     * Copies the collections.
     */
    public CreateInterface {
      groups = List.copyOf(groups);
      tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    @Override
    public String action() {
      return "CreateNetworkInterface";
    }
  }

  /**
   * Attaches an interface to the instance.
   *
   * @param eniId the interface
   * @param instanceId the instance
   * @param deviceIndex the index of the device on its network card
   * @param networkCard the index of the network card
   */
  record AttachInterface(String eniId, String instanceId, int deviceIndex, int networkCard) implements CloudCall {
    @Override
    public String action() {
      return "AttachNetworkInterface";
    }
  }

  /**
   * Lets an interface go with its instance.
   *
   * @param eniId the interface
   * @param attachmentId its attachment
   */
  record DeleteWithInstance(String eniId, String attachmentId) implements CloudCall {
    @Override
    public String action() {
      return "ModifyNetworkInterfaceAttribute";
    }
  }

  /**
   * Sets an interface's security groups.
   *
   * @param eniId the interface
   * @param groups the groups
   */
  record SetGroups(String eniId, List<String> groups) implements CloudCall {
    /**
     * Copies the list.
     */
    public SetGroups {
      groups = List.copyOf(groups);
    }

    @Override
    public String action() {
      return "ModifyNetworkInterfaceAttribute";
    }
  }

  /**
   * Assigns addresses of EC2's choice. It has no token: asked twice, it assigns twice.
   *
   * @param eniId the interface
   * @param family the family
   * @param addresses how many addresses; 0 if prefixes are asked for
   * @param prefixes how many prefixes; 0 if addresses are asked for
   */
  record AssignAddresses(String eniId, AddressFamily family, int addresses, int prefixes) implements CloudCall {
    @Override
    public String action() {
      return family == AddressFamily.IPV4 ? "AssignPrivateIpAddresses" : "AssignIpv6Addresses";
    }
  }

  /**
   * Assigns one particular address, if no interface has it: who has it may be in use of it, and nobody but that node knows.
   *
   * @param eniId the interface
   * @param address the address
   */
  record AssignParticular(String eniId, IpAddress address) implements CloudCall {
    @Override
    public String action() {
      return address.family() == AddressFamily.IPV4 ? "AssignPrivateIpAddresses" : "AssignIpv6Addresses";
    }
  }

  /**
   * Takes addresses and prefixes of one family off an interface.
   *
   * @param eniId the interface
   * @param units the addresses (as networks of one address) and prefixes
   */
  record Unassign(String eniId, List<Cidr> units) implements CloudCall {
    /**
     * Copies the list.
     */
    public Unassign {
      units = List.copyOf(units);
      if (units.isEmpty()) {
        throw new IllegalArgumentException("nothing to unassign");
      }
    }

    @Override
    public String action() {
      return units.getFirst().family() == AddressFamily.IPV4 ? "UnassignPrivateIpAddresses" : "UnassignIpv6Addresses";
    }
  }

  /**
   * Detaches an interface.
   *
   * @param eniId the interface
   * @param attachmentId its attachment
   */
  record Detach(String eniId, String attachmentId) implements CloudCall {
    @Override
    public String action() {
      return "DetachNetworkInterface";
    }
  }

  /**
   * Deletes an interface that is attached to nothing.
   *
   * @param eniId the interface
   */
  record Delete(String eniId) implements CloudCall {
    @Override
    public String action() {
      return "DeleteNetworkInterface";
    }
  }

  /**
   * Tags an interface.
   *
   * @param eniId the interface
   * @param tags the tags
   */
  record Tag(String eniId, Map<String, String> tags) implements CloudCall {
    /**
     * Copies the map.
     */
    public Tag {
      tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    @Override
    public String action() {
      return "CreateTags";
    }
  }

  /**
   * Describes the interfaces that are attached to an instance.
   *
   * @param instanceId the instance
   */
  record DescribeAttached(String instanceId) implements CloudCall {
    @Override
    public String action() {
      return "DescribeNetworkInterfaces";
    }
  }

  /**
   * Describes interfaces by a tag, attached or not; used to find what a lost answer made.
   *
   * @param key the tag's key
   * @param value the tag's value
   */
  record DescribeTagged(String key, String value) implements CloudCall {
    @Override
    public String action() {
      return "DescribeNetworkInterfaces";
    }
  }

  /**
   * Describes one interface. An interface that does not exist is an empty list.
   *
   * @param eniId the interface
   */
  record DescribeInterface(String eniId) implements CloudCall {
    @Override
    public String action() {
      return "DescribeNetworkInterfaces";
    }
  }

  /**
   * Describes the subnets of the VPC in one availability zone.
   *
   * @param vpcId the VPC
   * @param zone the zone
   */
  record DescribeSubnets(String vpcId, String zone) implements CloudCall {
    @Override
    public String action() {
      return "DescribeSubnets";
    }
  }

  /**
   * Asks which ranges of a subnet are reserved for prefixes.
   *
   * @param subnetId the subnet
   */
  record DescribeReservations(String subnetId) implements CloudCall {
    @Override
    public String action() {
      return "GetSubnetCidrReservations";
    }
  }

  /**
   * Finds the security groups of the VPC that have some tags.
   *
   * @param vpcId the VPC
   * @param tags keys and values that a group must have; an empty value stands for any
   */
  record DescribeGroups(String vpcId, Map<String, String> tags) implements CloudCall {
    /**
     * Copies the map.
     */
    public DescribeGroups {
      tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    @Override
    public String action() {
      return "DescribeSecurityGroups";
    }
  }

  /**
   * Describes an instance type.
   *
   * @param name the type
   */
  record DescribeType(String name) implements CloudCall {
    @Override
    public String action() {
      return "DescribeInstanceTypes";
    }
  }

  /** Calls that the cluster side makes, and no node. */
  sealed interface OfCluster extends CloudCall {}

  /**
   * Describes the interfaces that carry a tag, those left out that an AWS service manages.
   *
   * @param key the tag's key
   * @param value the tag's value
   */
  record DescribeOwned(String key, String value) implements OfCluster {
    @Override
    public String action() {
      return "DescribeNetworkInterfaces";
    }
  }

  /**
   * Describes instances. One that does not exist, or has been terminated for long, is left out of the answer.
   *
   * @param ids their ids, 200 at most
   */
  record DescribeInstances(List<String> ids) implements OfCluster {
    /**
     * Copies the list.
     */
    public DescribeInstances {
      ids = List.copyOf(ids);
    }

    @Override
    public String action() {
      return "DescribeInstances";
    }
  }

  /**
   * Describes which branches hang on trunks.
   *
   * @param trunks the ids of the trunks, 200 at most
   */
  record DescribeAssociations(List<String> trunks) implements OfCluster {
    /**
     * Copies the list.
     */
    public DescribeAssociations {
      trunks = List.copyOf(trunks);
    }

    @Override
    public String action() {
      return "DescribeTrunkInterfaceAssociations";
    }
  }

  /**
   * Hangs a branch on a trunk. With one token it is done once, however often it is asked for.
   *
   * @param clientToken the token, at most 64 ASCII characters
   * @param branchId the branch
   * @param trunkId the trunk
   * @param vlanId the VLAN id
   */
  record Associate(String clientToken, String branchId, String trunkId, int vlanId) implements OfCluster {
    @Override
    public String action() {
      return "AssociateTrunkInterface";
    }
  }

  /**
   * Takes a branch off its trunk. With one token it is done once, however often it is asked for.
   *
   * @param clientToken the token, at most 64 ASCII characters
   * @param associationId the association
   */
  record Disassociate(String clientToken, String associationId) implements OfCluster {
    @Override
    public String action() {
      return "DisassociateTrunkInterface";
    }
  }
}
