package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.route.Rule;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.PolicyRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes room before the kernel's first rule, which looks into the local table at priority 0: as long as there are rules of ours in the
 * band {@code first}, it stands at 20 instead, and then comes back. At every moment one of the two is there.
 */
final class LocalRule {
  private static final int KERNEL_PROTOCOL = 2;

  private LocalRule() {}

  static boolean isNeeded(DatapathPlan plan) {
    return plan.elements(PolicyRule.class).stream().anyMatch(r -> r.band().equals("first"));
  }

  private static Rule at(Family family, int priority, int protocol) {
    return Rule.of(family, priority).lookup(Numbers.LOCAL_TABLE).protocol(protocol).build();
  }

  static boolean isMoved(Rule rule) {
    return rule.equals(at(rule.family(), Numbers.LOCAL_PRIORITY, Numbers.NODE_PROTOCOL));
  }

  private static boolean isUsual(Rule rule) {
    return rule.equals(at(rule.family(), 0, rule.protocol()));
  }

  private static List<Rule> rules(HostContext host) {
    List<Rule> rules = new ArrayList<>(host.routes.rules(Family.IPV4));
    rules.addAll(View.rules6(host.routes));
    return rules;
  }

  /** Moves it behind the band. */
  static void makeRoom(HostContext host) {
    List<Rule> rules = rules(host);
    for (Rule usual : rules.stream().filter(LocalRule::isUsual).toList()) {
      Rule moved = at(usual.family(), Numbers.LOCAL_PRIORITY, Numbers.NODE_PROTOCOL);
      if (!rules.contains(moved)) {
        host.routes.execute(moved.add());
      }
      AttachRun.ignoring(host.routes, usual.delete(), Errno.ENOENT);
    }
  }

  /** Brings it back if no rule of ours needs the band any more. */
  static void settle(HostContext host) {
    List<Rule> rules = rules(host);
    for (Rule moved : rules.stream().filter(LocalRule::isMoved).toList()) {
      boolean needed = rules.stream().anyMatch(r -> r.family() == moved.family() && r.priority() == Numbers.FIRST_PRIORITY
          && (r.protocol() == Numbers.NODE_PROTOCOL || r.protocol() == Numbers.ATTACHMENT_PROTOCOL));
      if (!needed) {
        if (rules.stream().noneMatch(r -> r.family() == moved.family() && isUsual(r))) {
          host.routes.execute(at(moved.family(), 0, KERNEL_PROTOCOL).add());
        }
        host.routes.execute(moved.delete());
      }
    }
  }
}
