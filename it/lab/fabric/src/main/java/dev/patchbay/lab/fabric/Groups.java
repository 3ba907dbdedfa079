package dev.patchbay.lab.fabric;

import dev.patchbay.lab.fabric.SecurityGroup.Block;
import dev.patchbay.lab.fabric.SecurityGroup.Members;
import dev.patchbay.lab.fabric.SecurityGroup.Rule;
import dev.patchbay.netlink.Family;
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
 * <p>Writes commands; whoever calls applies them, all of one change in one transaction. Not for use by several threads.
 */
final class Groups {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Set<String>, Integer> combinations = new HashMap<>();

  /** Gives a group its rules, in place of those that it had. */
  void define(NftScript script, SecurityGroup group) {
    int number = number(script, group.id());
    script.line("flush chain inet vpc g%d_out", number);
    script.line("flush chain inet vpc g%d_in", number);
    group.egress().forEach(rule -> rule(script, "g%d_out".formatted(number), rule, "daddr", "oif", "goto arrive"));
    group.ingress().forEach(rule -> rule(script, "g%d_in".formatted(number), rule, "saddr", "iif", "accept"));
  }

  /** Takes a group's rules away; its members stay, without rights from it. */
  void undefine(NftScript script, String group) {
    define(script, new SecurityGroup(group, List.of(), List.of()));
  }

  /** Enters a port in groups. */
  void join(NftScript script, String device, Set<String> groups) {
    int combination = combination(script, groups);
    script.line("add element inet vpc leaving { %s : goto c%d_out }", device, combination);
    script.line("add element inet vpc arriving { %s : goto c%d_in }", device, combination);
    for (String group : groups) {
      script.line("add element inet vpc g%d { %s }", number(script, group), device);
    }
  }

  /** Takes a port out of all the groups in which it is. */
  void leave(NftScript script, String device, Set<String> groups) {
    script.line("delete element inet vpc leaving { %s }", device);
    script.line("delete element inet vpc arriving { %s }", device);
    for (String group : groups) {
      script.line("delete element inet vpc g%d { %s }", number(script, group), device);
    }
  }

  private int number(NftScript script, String group) {
    Integer known = numbers.get(group);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    numbers.put(group, number);
    script.line("add set inet vpc g%d { type iface_index; }", number);
    script.line("add chain inet vpc g%d_out", number);
    script.line("add chain inet vpc g%d_in", number);
    return number;
  }

  private int combination(NftScript script, Set<String> groups) {
    Integer known = combinations.get(groups);
    if (known != null) {
      return known;
    }
    List<Integer> members = new TreeSet<>(groups).stream().map(group -> number(script, group)).toList();
    int combination = combinations.size() + 1;
    combinations.put(Set.copyOf(groups), combination);
    script.line("add chain inet vpc c%d_out", combination);
    script.line("add chain inet vpc c%d_in", combination);
    for (int member : members) {
      script.line("add rule inet vpc c%d_out jump g%d_out", combination, member);
      script.line("add rule inet vpc c%d_in jump g%d_in", combination, member);
    }
    script.line("add rule inet vpc c%d_out counter name group_egress drop", combination);
    script.line("add rule inet vpc c%d_in counter name group_ingress drop", combination);
    return combination;
  }

  private void rule(NftScript script, String chain, Rule rule, String address, String port, String verdict) {
    String peer =
        switch (rule.peer()) {
          case Block(var block) when block.length() == 0 ->
              "meta nfproto " + (block.family() == Family.IPV4 ? "ipv4" : "ipv6");
          case Block(var block) -> (block.family() == Family.IPV4 ? "ip " : "ip6 ") + address + " " + block;
          case Members(String group) -> "%s @g%d".formatted(port, number(script, group));
        };
    script.line("add rule inet vpc %s %s%s %s", chain, protocol(rule), peer, verdict);
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
