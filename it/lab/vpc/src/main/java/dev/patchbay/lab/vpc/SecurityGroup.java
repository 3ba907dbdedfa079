package dev.patchbay.lab.vpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A security group. What no rule allows is refused; answers to allowed traffic are allowed (groups are stateful).
 *
 * @param id such as {@code sg-0…}
 * @param vpcId its VPC
 * @param name its name
 * @param description its description
 * @param ingress rules for what arrives
 * @param egress rules for what leaves
 * @param tags its tags
 */
public record SecurityGroup(
    String id,
    String vpcId,
    String name,
    String description,
    List<Rule> ingress,
    List<Rule> egress,
    Map<String, String> tags) {
  /** Whom a rule speaks of. */
  public sealed interface Peer {}

  /**
   * Addresses.
   *
   * @param block the addresses
   */
  public record Block(Cidr block) implements Peer {
    @Override
    public String toString() {
      return block.toString();
    }
  }

  /**
   * Whatever interface is in a group, by its private addresses.
   *
   * @param groupId the group
   */
  public record Members(String groupId) implements Peer {
    @Override
    public String toString() {
      return groupId;
    }
  }

  /**
   * One permission.
   *
   * @param protocol the IP protocol's number; -1 for all
   * @param fromPort the first port, or ICMP type; -1 for all
   * @param toPort the last port, or ICMP code; -1 for all
   * @param peer the other side
   * @param description free text; may be empty
   */
  public record Rule(int protocol, int fromPort, int toPort, Peer peer, String description) {
    /** Everything from or to a peer. */
    public static Rule all(Peer peer) {
      return new Rule(-1, -1, -1, peer, "");
    }

    /** A range of TCP ports. */
    public static Rule tcp(int fromPort, int toPort, Peer peer) {
      return new Rule(6, fromPort, toPort, peer, "");
    }

    /** A range of UDP ports. */
    public static Rule udp(int fromPort, int toPort, Peer peer) {
      return new Rule(17, fromPort, toPort, peer, "");
    }

    boolean same(Rule other) {
      return protocol == other.protocol
          && fromPort == other.fromPort
          && toPort == other.toPort
          && peer.equals(other.peer);
    }
  }

  /** Copies the collections. */
  public SecurityGroup {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
    tags = Tags.copy(tags);
  }

  SecurityGroup withIngress(List<Rule> rules) {
    return new SecurityGroup(id, vpcId, name, description, rules, egress, tags);
  }

  SecurityGroup withEgress(List<Rule> rules) {
    return new SecurityGroup(id, vpcId, name, description, ingress, rules, tags);
  }

  SecurityGroup withTags(Map<String, String> changed) {
    return new SecurityGroup(id, vpcId, name, description, ingress, egress, changed);
  }

  static List<Rule> plus(List<Rule> rules, List<Rule> added) {
    List<Rule> all = new ArrayList<>(rules);
    for (Rule rule : added) {
      if (all.stream().anyMatch(rule::same)) {
        throw new Ec2Error(
            "InvalidPermission.Duplicate", "the specified rule \"peer: " + rule.peer() + ", ALLOW\" already exists");
      }
      all.add(rule);
    }
    return all;
  }

  static List<Rule> minus(List<Rule> rules, List<Rule> removed) {
    List<Rule> all = new ArrayList<>(rules);
    for (Rule rule : removed) {
      if (!all.removeIf(rule::same)) {
        throw new Ec2Error(
            "InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
      }
    }
    return all;
  }
}
