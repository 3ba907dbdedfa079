package dev.patchbay.lab.fabric;

import dev.patchbay.lab.fabric.SecurityGroup.Block;
import dev.patchbay.lab.fabric.SecurityGroup.Members;
import dev.patchbay.lab.fabric.SecurityGroup.Rule;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Security groups as nftables has them: a group is two chains and a set of ports, a combination of groups is two chains
 * that jump to those, and each port has one combination. Members are told apart by port and not by address, since the
 * source check has already tied the one to the other: so no address has to be entered here.
 *
 * <p>Writes changes; whoever calls applies them. Not for use by several threads.
 */
final class Groups {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Set<String>, Integer> combinations = new HashMap<>();

  /** Gives a group its rules, in place of those that it had. */
  void define(RuleChange change, SecurityGroup group) {
    int number = number(change, group.id());
    change.line("flush chain inet vpc g%d_out", number);
    change.line("flush chain inet vpc g%d_in", number);
    group.egress().forEach(rule -> rule(change, "g%d_out".formatted(number), rule, "daddr", "oif", "goto arrive"));
    group.ingress().forEach(rule -> rule(change, "g%d_in".formatted(number), rule, "saddr", "iif", "accept"));
  }

  /** Takes a group's rules away; its members stay, without rights from it. */
  void undefine(RuleChange change, String group) {
    define(change, new SecurityGroup(group, List.of(), List.of()));
  }

  /** Enters a port in groups. */
  void join(RuleChange change, Port port, Set<String> groups) {
    int combination = combination(change, groups);
    change.add(VpcSets.LEAVING, Element.of(port.key()).to(Verdict.goTo("c%d_out".formatted(combination))));
    change.add(VpcSets.ARRIVING, Element.of(port.key()).to(Verdict.goTo("c%d_in".formatted(combination))));
    for (String group : groups) {
      change.add(VpcSets.members(number(change, group)), Element.of(port.key()));
    }
  }

  /** Takes a port out of all the groups in which it is. */
  void leave(RuleChange change, Port port, Set<String> groups) {
    change.remove(VpcSets.LEAVING, Element.of(port.key()));
    change.remove(VpcSets.ARRIVING, Element.of(port.key()));
    for (String group : groups) {
      change.remove(VpcSets.members(number(change, group)), Element.of(port.key()));
    }
  }

  private int number(RuleChange change, String group) {
    Integer known = numbers.get(group);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    numbers.put(group, number);
    change.line("add set inet vpc g%d { type iface_index; }", number);
    change.line("add chain inet vpc g%d_out", number);
    change.line("add chain inet vpc g%d_in", number);
    return number;
  }

  private int combination(RuleChange change, Set<String> groups) {
    Integer known = combinations.get(groups);
    if (known != null) {
      return known;
    }
    List<Integer> members = new TreeSet<>(groups).stream().map(group -> number(change, group)).toList();
    int combination = combinations.size() + 1;
    combinations.put(Set.copyOf(groups), combination);
    change.line("add chain inet vpc c%d_out", combination);
    change.line("add chain inet vpc c%d_in", combination);
    for (int member : members) {
      change.line("add rule inet vpc c%d_out jump g%d_out", combination, member);
      change.line("add rule inet vpc c%d_in jump g%d_in", combination, member);
    }
    change.line("add rule inet vpc c%d_out counter name group_egress drop", combination);
    change.line("add rule inet vpc c%d_in counter name group_ingress drop", combination);
    return combination;
  }

  private void rule(RuleChange change, String chain, Rule rule, String address, String port, String verdict) {
    String peer =
        switch (rule.peer()) {
          case Block(var block) when block.length() == 0 ->
              "meta nfproto " + (block.family() == Family.IPV4 ? "ipv4" : "ipv6");
          case Block(var block) -> (block.family() == Family.IPV4 ? "ip " : "ip6 ") + address + " " + block;
          case Members(String group) -> "%s @g%d".formatted(port, number(change, group));
        };
    change.line("add rule inet vpc %s %s%s %s", chain, protocol(rule), peer, verdict);
  }

  private static String protocol(Rule rule) {
    if (rule.protocol() == SecurityGroup.ANY) {
      return "";
    }
    String match = "meta l4proto " + rule.protocol() + " ";
    return switch (rule.protocol()) {
      case 6, 17 -> rule.fromPort() < 0 ? match : match + "th dport " + rule.fromPort() + "-" + rule.toPort() + " ";
      case 1 -> rule.fromPort() < 0 ? match : match + "icmp type " + rule.fromPort() + " " + code("icmp", rule);
      case 58 -> rule.fromPort() < 0 ? match : match + "icmpv6 type " + rule.fromPort() + " " + code("icmpv6", rule);
      default -> match;
    };
  }

  private static String code(String header, Rule rule) {
    return rule.toPort() < 0 ? "" : header + " code " + rule.toPort() + " ";
  }
}
