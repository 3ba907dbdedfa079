package dev.patchbay.mode.multus;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells on the pod which interfaces it has: the annotation {@code network-status} (De-facto Standard 1.3, section 5), and an Event for each
 * that was added.
 */
final class NetworkStatus implements ObjectPlanner {
  static final String KEY = "k8s.v1.cni.cncf.io/network-status";
  /** The reason of the Event by which users of Multus know that an interface was added. */
  static final Code ADDED = Code.of(375, "AddedInterface");

  private final boolean ofAll;

  NetworkStatus(boolean ofAll) {
    this.ofAll = ofAll;
  }

  @Override
  public Answer<ObjectPlan> attachment(AttachmentView attachment) {
    if (attachment.pod().name().isEmpty() || attachment.pod().object().isEmpty()) {
      return Answer.of(ObjectPlan.empty());
    }
    ObjectRef pod = new ObjectRef(ObjectKind.POD, attachment.pod().namespace(), attachment.pod().name());
    ObjectPlan plan = ObjectPlan.empty();
    boolean further = attachment.request().has("network");
    if (further) {
      List<String> ips = addresses(attachment);
      plan = plan.withEvent(pod, attachment.pod().uid(), false, ADDED, "Add " + attachment.interfaceName() + " [" + String.join(" ", ips)
          + "] from " + attachment.request().required("network") + ".");
    }
    boolean whole = further ? new Request(attachment.request()).isLast()
        : attachment.earlier().isEmpty() && ofAll && !attachment.pod().object().get().annotations().containsKey(Annotation.NETWORKS);
    if (whole) {
      List<AttachmentView> all = Stream.concat(attachment.earlier().stream(), Stream.of(attachment)).toList();
      Fields metadata = Fields.empty().with("annotations", Fields.empty().with(KEY, text(all)));
      // Another pod of the same name must not get it: the API server refuses what names another uid.
      plan = plan.withPatch(pod, "status", Fields.empty().with("metadata",
          attachment.pod().uid().isEmpty() ? metadata : metadata.with("uid", attachment.pod().uid())));
    }
    return Answer.of(plan);
  }

  private static List<String> addresses(AttachmentView attachment) {
    return attachment.outcome(Plugins.ACT).has("result")
        ? new PluginResult(attachment.outcome(Plugins.ACT).fields("result")).ips().stream().map(PluginResult.Ip::address).toList()
        : attachment.addresses().stream().map(a -> a.address().asCidr().toString()).toList();
  }

  /** The value of the annotation. */
  static String text(List<AttachmentView> all) {
    List<Object> entries = new ArrayList<>();
    all.forEach(attachment -> entries.addAll(entries(attachment)));
    return Json.write(entries);
  }

  private static List<Map<String, Object>> entries(AttachmentView attachment) {
    boolean first = !attachment.request().has("network");
    String network = attachment.request().text("network").orElseGet(() -> ofFirst(attachment));
    if (attachment.outcome(Plugins.ACT).has("result")) {
      List<Map<String, Object>> entries = ofPlugin(network, first, attachment.interfaceName(),
          new PluginResult(attachment.outcome(Plugins.ACT).fields("result")));
      Fields device = Plugins.device(attachment);
      if (!device.values().isEmpty()) {
        entries.forEach(entry -> entry.put("device-info", device));
      }
      return entries;
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", network);
    entry.put("interface", attachment.interfaceName());
    List<HeldAddressView> shown = attachment.addresses().stream().filter(a -> a.request().shown()).toList();
    entry.put("ips", shown.stream().map(a -> a.address().toString()).toList());
    attachment.mac().ifPresent(mac -> entry.put("mac", mac.toString()));
    if (first) {
      entry.put("default", true);
    }
    entry.put("dns", Map.of());
    if (first) {
      List<AddressFamily> families = shown.stream().map(a -> a.address().family()).distinct().toList();
      entry.put("gateway", families.stream().map(RoutedPod::gateway).map(IpAddress::toString).toList());
    }
    return List.of(entry);
  }

  /** The network of a pod's first interface: the one that it names, or the cluster's. */
  private static String ofFirst(AttachmentView attachment) {
    String named = attachment.pod().object().map(o -> o.annotations().getOrDefault(Annotation.DEFAULT_NETWORK, "")).orElse("");
    try {
      return Annotation.read(Annotation.DEFAULT_NETWORK, named, "").stream().findFirst().map(Selection::network).orElse("patchbay");
    } catch (Refusal e) {
      // The namespace is left out, or the annotation has been changed since.
      return named.isBlank() ? "patchbay" : named.strip();
    }
  }

  private static List<Map<String, Object>> ofPlugin(String network, boolean first, String name, PluginResult result) {
    List<Fields> interfaces = result.interfaces();
    List<Map<String, Object>> entries = new ArrayList<>();
    if (interfaces.size() <= 1) {
      entries.add(entry(network, interfaces.isEmpty() ? Fields.empty().with("name", name).with("sandbox", "its") : interfaces.getFirst(),
          result.ips().stream().map(PluginResult.Ip::bare).toList(), first, result));
      return entries;
    }
    List<Integer> inPod = new ArrayList<>();
    for (int i = 0; i < interfaces.size(); i++) {
      if (!interfaces.get(i).text("sandbox").orElse("").isEmpty()) {
        inPod.add(i);
      }
    }
    for (int i : inPod) {
      boolean last = i == inPod.getLast();
      List<String> ips = result.ips().stream().filter(ip -> ip.device().isPresent() ? ip.device().getAsLong() == i : last)
          .map(PluginResult.Ip::bare).toList();
      entries.add(entry(network, interfaces.get(i), ips, first && i == inPod.getFirst(), result));
    }
    return entries;
  }

  private static Map<String, Object> entry(String network, Fields device, List<String> ips, boolean isDefault, PluginResult result) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", network);
    device.text("name").filter(n -> !n.isEmpty()).ifPresent(n -> entry.put("interface", n));
    entry.put("ips", ips);
    if (!device.text("sandbox").orElse("").isEmpty()) {
      device.text("mac").filter(m -> !m.isEmpty()).ifPresent(mac -> entry.put("mac", mac));
      device.number("mtu").ifPresent(mtu -> entry.put("mtu", mtu));
    }
    if (isDefault) {
      entry.put("default", true);
    }
    entry.put("dns", result.dns());
    if (!result.gateways().isEmpty()) {
      entry.put("gateway", result.gateways().stream().map(IpAddress::toString).toList());
    }
    return entry;
  }
}
