package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How far answers of the instance metadata service get: the hop limit that they leave with. On EC2 it holds for answers to
 * PUT alone; here for all packets of the service, so that who is too far away can't even connect. Not for use by several
 * threads.
 */
final class MetadataHops {
  private final Map<String, Integer> limits = new HashMap<>();
  private final Set<Integer> chains = new HashSet<>();

  void set(String instanceId, int hops) {
    limits.put(instanceId, hops);
  }

  void forget(String instanceId) {
    limits.remove(instanceId);
  }

  void enter(RuleChange change, Port port) {
    int hops = limits.getOrDefault(port.spec().instanceId(), 1);
    if (chains.add(hops)) {
      change.line("add chain inet vpc limit%d", hops);
      change.line("add rule inet vpc limit%d ip ttl set %d", hops, hops);
      change.line("add rule inet vpc limit%d ip6 hoplimit set %d", hops, hops);
    }
    change.add(VpcSets.HOPS, Element.of(port.key()).to(Verdict.goTo("limit" + hops)));
  }

  void leave(RuleChange change, Port port) {
    change.remove(VpcSets.HOPS, Element.of(port.key()));
  }
}
