package dev.patchbay.it.e2e.containerd;

import dev.patchbay.lab.LabNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything in a node's kernel that pods leave traces in, line by line: links, addresses, routes, rules, nftables with their sets,
 * iptables. Counters are left out.
 *
 * @param lines the lines, each with the command that printed it
 */
record KernelState(List<String> lines) {
  private static final List<String[]> COMMANDS =
      List.of(
          new String[] {"ip", "-o", "link"},
          new String[] {"ip", "-o", "addr"},
          new String[] {"ip", "route", "show", "table", "all"},
          new String[] {"ip", "rule"},
          new String[] {"nft", "-s", "list", "ruleset"},
          new String[] {"iptables-save"});

  /** What there is now. */
  static KernelState of(LabNode node) {
    List<String> lines = new ArrayList<>();
    for (String[] command : COMMANDS) {
      String text = node.exec(command).orThrow(String.join(" ", command));
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> lines.add(command[0] + ": " + line.strip().replaceAll("\\[[0-9]+:[0-9]+]", "")));
    }
    return new KernelState(lines);
  }

  /** The lines that are not in an earlier state. */
  List<String> since(KernelState earlier) {
    return lines.stream().filter(line -> !earlier.lines.contains(line)).toList();
  }
}
