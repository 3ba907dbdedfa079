package dev.patchbay.it.e2e.survival;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.it.e2e.Reports;
import dev.patchbay.it.e2e.Until;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether all who know of a node's addresses say the same: the callers who were told of them, the daemon's ledger, the node's kernel,
 * and EC2.
 */
public final class Agreement {
  private Agreement() {}

  /**
   * Waits until they agree: while an operation with EC2 is under way they can't, and what was put off is done some time later.
   *
   * @param told what callers were told and have not given back: addresses by attachment, {@code CONTAINER/INTERFACE}
   */
  public static void await(LabNode node, Map<String, String> told) {
    try {
      Until.holds("ledger, kernel and EC2 agree on " + node.name(), () -> differences(node, told).isEmpty());
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + ": " + String.join("\n  ", differences(node, told)), late);
    }
  }

  /** Where they differ, in words; empty if they agree. */
  public static List<String> differences(LabNode node, Map<String, String> told) {
    List<String> differences = new ArrayList<>();
    JsonNode report = Reports.of(node);
    if (report.hasNonNull("operation")) {
      differences.add("an operation is under way with EC2: " + report.path("operation"));
    }
    if (!report.path("waiting").isEmpty()) {
      differences.add("ADDs are waiting: " + report.path("waiting"));
    }
    Map<String, String> ledger = new TreeMap<>();
    Map<String, String> devices = new TreeMap<>();
    for (JsonNode attachment : report.path("attachments")) {
      String key = attachment.path("attachment").asText();
      if (!attachment.path("state").asText().equals("LIVE")) {
        differences.add("the ledger has " + key + " as " + attachment.path("state"));
      }
      String address = attachment.at("/addresses/0/address").asText();
      ledger.put(key, address);
      devices.put(key, attachment.path("hostInterface").asText());
      compare(differences, "the interface of " + address, attachment.at("/addresses/0/eni").asText(), holder(node, address));
    }
    compare(differences, "the attachments of callers and of the ledger", told, ledger);
    if (Set.copyOf(ledger.values()).size() != ledger.size()) {
      differences.add("the ledger has an address twice: " + ledger);
    }
    Kernel kernel = Kernel.of(node.netns());
    compare(differences, "the devices of the ledger and of the kernel", devices, kernel.devices());
    Map<String, String> deliveries = new TreeMap<>();
    ledger.forEach((key, address) -> deliveries.put(address, devices.get(key)));
    compare(differences, "the routes of the ledger and of the kernel", deliveries, kernel.deliveries());
    Map<String, String> elements = new TreeMap<>();
    ledger.forEach((key, address) -> elements.put(address, key));
    compare(differences, "the elements of the ledger and of the packet filter", elements, kernel.elements());
    stock(differences, node, report, ledger);
    return differences;
  }

  /** Every address that EC2 has given to the node is held, free or cooling; none is missing and none is there twice. */
  private static void stock(List<String> differences, LabNode node, JsonNode report, Map<String, String> ledger) {
    Set<String> ofEc2 = new TreeSet<>();
    for (NetworkInterface eni : node.interfaces()) {
      eni.ipv4Addresses().stream().filter(ip -> !eni.primary().equals(Optional.of(ip))).forEach(ip -> ofEc2.add(ip.toString()));
    }
    Set<String> ofDaemon = new TreeSet<>();
    report.at("/node/enis").forEach(eni -> eni.path("addresses").forEach(ip -> ofDaemon.add(ip.asText())));
    compare(differences, "the addresses of EC2 and of the daemon", ofEc2, ofDaemon);
    JsonNode lane = report.at("/lanes/0");
    int held = lane.path("held").asInt();
    int counted = held + lane.path("free").asInt() + lane.path("cooling").asInt();
    compare(differences, "the number of addresses held", ledger.size(), held);
    compare(differences, "the number of addresses of EC2, and of those held, free and cooling", ofEc2.size(), counted);
  }

  private static String holder(LabNode node, String address) {
    return node.interfaces().stream().filter(eni -> eni.holds(Ip.parse(address))).map(NetworkInterface::id).findFirst().orElse("none");
  }

  private static void compare(List<String> differences, String what, Object one, Object other) {
    if (!one.equals(other)) {
      differences.add(what + ": " + one + " and " + other);
    }
  }
}
