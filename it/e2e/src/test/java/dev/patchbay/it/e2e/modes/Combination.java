package dev.patchbay.it.e2e.modes;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.PodNetworks;
import dev.patchbay.it.e2e.Labs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Modes that a node runs together, and what the lab must have for them. Immutable.
 *
 * @param modes the modes with their settings, in the order in which they are chosen
 * @param instanceType the nodes' type
 * @param pods how many pods a node is given, so that with types that have room for it some lie on another interface than the first
 * @param families the families of which a pod has an address of the VPC
 * @param datapath how plans are rendered
 */
record Combination(List<Map<String, Object>> modes, String instanceType, int pods, List<Family> families, String datapath) {
  /** Short, so that an address can be waited for that comes round again. */
  static final int COOLDOWN_SECONDS = 1;

  private static final String FAST = "fast";
  private static final String CLASSIC = "classic";

  /** The block of the VPC in which custom-net puts pods. */
  static final String POD_BLOCK = "100.64";

  static Combination of(String instanceType, int pods, List<Family> families, String... modes) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (String mode : modes) {
      all.add(mode.equals("custom-net")
          ? Map.of("use", mode, "settings", Map.of("label", "topology.kubernetes.io/zone")) : Map.of("use", mode));
    }
    return new Combination(List.copyOf(all), instanceType, pods, families, FAST);
  }

  /** The same, rendered as the rules, tables and chains of aws-node. */
  Combination classic() {
    return new Combination(modes, instanceType, pods, families, CLASSIC);
  }

  /** The same, and pods reach IPv6 as their node. */
  Combination withIpv6Egress() {
    List<Map<String, Object>> all = new ArrayList<>(modes);
    all.set(0, Map.of("use", Objects.requireNonNull(all.getFirst().get("use")), "settings", Map.of("ipv6Egress", true)));
    return new Combination(List.copyOf(all), instanceType, pods, families, datapath);
  }

  boolean hasIpv6Egress() {
    return modes.getFirst().get("settings") instanceof Map<?, ?> settings && settings.containsKey("ipv6Egress");
  }

  /** The way to render plans that these nodes don't use. */
  String otherDatapath() {
    return datapath.equals(FAST) ? CLASSIC : FAST;
  }

  /** A lab with nodes that run these modes. The caller closes it. */
  Lab start(int nodes) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("node", Map.of("cooldown", COOLDOWN_SECONDS + "s", "datapath", datapath));
    configuration.put("modes", modes);
    LabSettings settings =
        LabSettings.discover(Labs.name()).withNodes(0).withInstanceType(instanceType).withConfiguration(configuration);
    Lab lab = Lab.start(runs("ipv6") || hasIpv6Egress() ? settings.withIpv6() : settings);
    try {
      if (runs("custom-net")) {
        PodNetworks.make(lab, POD_BLOCK);
      }
      lab.addNodes(nodes);
      return lab;
    } catch (RuntimeException failure) {
      lab.close();
      throw failure;
    }
  }

  /** Whether a mode is among them. */
  boolean runs(String mode) {
    return modes.stream().anyMatch(each -> mode.equals(each.get("use")));
  }

  @Override
  public String toString() {
    return String.join(" + ", modes.stream().map(each -> String.valueOf(each.get("use"))).toList())
        + (hasIpv6Egress() ? ", IPv6 egress" : "") + (datapath.equals(FAST) ? "" : ", " + datapath);
  }
}
