package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.IpPrefix;
import java.util.List;

/**
 * A security group: what its interfaces may receive and send. What no rule of any of an interface's groups allows is
 * dropped; answers to what was allowed pass.
 *
 * @param id its name in the fabric
 * @param ingress what may arrive
 * @param egress what may leave
 */
public record SecurityGroup(String id, List<Rule> ingress, List<Rule> egress) {
  /** Any protocol, in {@link Rule#protocol}. */
  public static final int ANY = -1;

  /** Copies the lists. */
  public SecurityGroup {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** The default group of a VPC: everything from its own members, everything to everybody. */
  public static SecurityGroup ofDefault(String id) {
    return new SecurityGroup(id, List.of(Rule.all(new Members(id))), everywhere());
  }

  /** A group that lets everything pass. */
  public static SecurityGroup open(String id) {
    return new SecurityGroup(id, everywhere(), everywhere());
  }

  /** Rules that allow everything from or to everybody, of both families. */
  public static List<Rule> everywhere() {
    return List.of(Rule.all(Block.of("0.0.0.0/0")), Rule.all(Block.of("::/0")));
  }

  /**
   * One permission.
   *
   * @param protocol the IP protocol's number, or {@link #ANY}
   * @param fromPort the first port, or the ICMP type; -1 for all
   * @param toPort the last port, or the ICMP code; -1 for all
   * @param peer the other side
   */
  public record Rule(int protocol, int fromPort, int toPort, Peer peer) {
    /** Everything from or to a peer. */
    public static Rule all(Peer peer) {
      return new Rule(ANY, -1, -1, peer);
    }

    /** A TCP port. */
    public static Rule tcp(int port, Peer peer) {
      return new Rule(6, port, port, peer);
    }

    /** A UDP port. */
    public static Rule udp(int port, Peer peer) {
      return new Rule(17, port, port, peer);
    }
  }

  /** Whom a rule speaks of. */
  public sealed interface Peer {}

  /**
   * Addresses.
   *
   * @param block the addresses
   */
  public record Block(IpPrefix block) implements Peer {
    /** Cuts the block to its length. */
    public Block {
      block = block.network();
    }

    /** Parses {@code 10.0.0.0/8} or one address. */
    public static Block of(String text) {
      return new Block(IpPrefix.of(text));
    }
  }

  /**
   * The interfaces that are in a group.
   *
   * @param group the group's name
   */
  public record Members(String group) implements Peer {}
}
