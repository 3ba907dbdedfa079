package dev.patchbay.cli.command;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.compose.NodePlan;
import dev.patchbay.core.compose.PodCapacity;
import dev.patchbay.spi.net.AddressFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The number of pods, and how it comes about: the family with the fewest addresses decides, pods of the host's network need none, and
 * who recommends or configures less is obeyed.
 *
 * @param number the number; empty if nothing limits it
 * @param capacities what each family allows
 * @param hostPods the pods of the host's network
 * @param cap the recommended most for the type, if it is to be kept
 * @param configured the most that the configuration allows to have an address
 */
record MaxPods(OptionalInt number, List<PodCapacity> capacities, int hostPods, OptionalInt cap, OptionalInt configured) {
  /** Kubernetes, "Considerations for large clusters": no more than 110 pods per node. */
  private static final int SMALL = 110;
  /** Amazon EKS user guide, "Maximum Pods per node": 250 for types of more than 30 vCPUs. */
  private static final int LARGE = 250;
  private static final int SMALL_VCPUS = 30;

  static MaxPods of(NodePlan plan, InstanceTypeRecord type, List<AddressFamily> families, int hostPods, boolean cap,
      OptionalInt configured) {
    List<PodCapacity> capacities = families.stream().map(f -> PodCapacity.of(plan, type, f, _ -> 0)).toList();
    OptionalInt addresses = capacities.stream().filter(PodCapacity::bounded).mapToInt(PodCapacity::addresses).min();
    if (configured.isPresent() && (addresses.isEmpty() || addresses.getAsInt() > configured.getAsInt())) {
      addresses = configured;
    }
    OptionalInt most = cap ? OptionalInt.of(type.vcpus() > SMALL_VCPUS ? LARGE : SMALL) : OptionalInt.empty();
    OptionalInt number = addresses.isPresent() ? OptionalInt.of(addresses.getAsInt() + hostPods) : OptionalInt.empty();
    if (most.isPresent() && (number.isEmpty() || number.getAsInt() > most.getAsInt())) {
      number = most;
    }
    return new MaxPods(number, capacities, hostPods, most, configured);
  }

  /** The arithmetic in one line. */
  String formula() {
    List<String> families = capacities.stream().map(c -> c.family() + ": " + formula(c)).toList();
    String least = families.size() == 1 ? formula(capacities.getFirst()) : "the least of (" + String.join("; ", families) + ")";
    return least + (configured.isPresent() ? ", at most " + configured.getAsInt() + " by the configuration" : "")
        + (hostPods == 0 ? "" : ", + " + hostPods + " of the host's network")
        + (cap.isPresent() ? ", at most " + cap.getAsInt() + " as recommended" : "");
  }

  private static String formula(PodCapacity capacity) {
    if (!capacity.bounded()) {
      return "no limit, from a range";
    }
    return capacity.terms().isEmpty() ? "0" : capacity.terms().stream().map(MaxPods::formula).collect(Collectors.joining(" + "));
  }

  private static String formula(PodCapacity.Term term) {
    return term.interfaces() + (term.interfaces() == 1 ? " interface" : " interfaces") + " x " + term.units()
        + (term.size() == 1 ? (term.units() == 1 ? " address" : " addresses")
            : (term.units() == 1 ? " prefix" : " prefixes") + " x " + term.size() + " addresses");
  }

  /** What is printed for a person. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(number.isPresent() ? number.getAsInt() + " pods = " + formula() : "as many pods as the node can run: " + formula());
    if (capacities.stream().anyMatch(c -> c.terms().size() > 1)) {
      capacities.forEach(c -> c.terms().forEach(t -> lines.add("  lane " + t.lane() + " " + c.family() + ": " + formula(t))));
    }
    return lines;
  }

  /** The same for tools. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("maxPods", number.isPresent() ? number.getAsInt() : null);
    json.put("formula", formula());
    json.put("hostNetworkPods", hostPods);
    json.put("cap", cap.isPresent() ? cap.getAsInt() : null);
    json.put("configuredMaxPods", configured.isPresent() ? configured.getAsInt() : null);
    Map<String, Object> families = new LinkedHashMap<>();
    for (PodCapacity capacity : capacities) {
      Map<String, Object> family = new LinkedHashMap<>();
      family.put("addresses", capacity.bounded() ? capacity.addresses() : null);
      family.put("lanes", capacity.terms().stream().map(MaxPods::json).toList());
      families.put(capacity.family().name(), family);
    }
    json.put("families", families);
    return json;
  }

  private static Map<String, Object> json(PodCapacity.Term term) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lane", term.lane());
    json.put("interfaces", term.interfaces());
    json.put("unitsPerInterface", term.units());
    json.put("addressesPerUnit", term.size());
    json.put("addresses", term.addresses());
    return json;
  }
}
