package dev.patchbay.lab.fabric;

import java.util.Map;
import java.util.TreeMap;

/**
 * An instance: a namespace, and what its operating system sets in it at boot.
 *
 * @param id its name in the fabric, and the end of its namespace's name
 * @param sysctls values by path below {@code /proc/sys}, for example {@code net/ipv4/ip_forward}; they go over the defaults
 */
public record InstanceSpec(String id, Map<String, String> sysctls) {
  /**
   * What an EKS node has before any CNI plugin comes: forwarding, and the loose reverse path filter of Amazon Linux 2023
   * (systemd's 50-default.conf). Amazon Linux 2 has 1, strict, there.
   */
  private static final Map<String, String> NODE =
      Map.of(
          "net/ipv4/ip_forward", "1",
          "net/ipv4/conf/all/rp_filter", "0",
          "net/ipv4/conf/default/rp_filter", "2",
          "net/ipv6/conf/all/forwarding", "1",
          "net/ipv6/conf/default/forwarding", "1");

  /** Adds the defaults. */
  public InstanceSpec {
    Map<String, String> all = new TreeMap<>(NODE);
    all.putAll(sysctls);
    sysctls = Map.copyOf(all);
  }

  /** An instance as an EKS node is. */
  public static InstanceSpec node(String id) {
    return new InstanceSpec(id, Map.of());
  }
}
