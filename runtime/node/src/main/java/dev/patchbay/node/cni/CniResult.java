package dev.patchbay.node.cni;

import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Act;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import io.avaje.json.mapper.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of ADD, in the version that the caller's configuration has. Source: CNI specification, sections "Success" of 0.2.0,
 * 0.4.0, 1.0.0 and 1.1.0.
 */
public final class CniResult {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CniResult() {}

  /** The hardware addresses of a pair of devices. */
  public record Ends(Optional<MacAddress> host, Optional<MacAddress> pod) {}

  /**
   * Makes the result.
   *
   * @param input the request
   * @param attachment the attachment
   * @param ends the hardware addresses of its devices
   * @param mtu the MTU of the pod's interface in bytes
   * @return the JSON text
   */
  public static String of(CniInput input, AttachmentRecord attachment, Ends ends, int mtu) {
    Map<String, Object> result = input.previous().map(CniResult::copy).orElseGet(LinkedHashMap::new);
    result.put("cniVersion", input.version().text());
    List<HeldAddress> shown = attachment.addresses().stream().filter(h -> h.request().shown()).toList();
    Optional<Fields> made = ofPlugins(attachment);
    if (made.isPresent()) {
      if (input.version().atLeast("0.3.0")) {
        addMade(input, result, made.get());
      } else {
        addMadeFamilies(result, made.get());
      }
    } else if (input.version().atLeast("0.3.0")) {
      addInterfaces(input, result, attachment, ends, mtu, shown);
    } else {
      addFamilies(result, attachment, shown);
    }
    return JSON.toJson(result);
  }

  private static Map<String, Object> copy(Map<String, Object> previous) {
    return new LinkedHashMap<>(previous);
  }

  private static void addInterfaces(CniInput input, Map<String, Object> result, AttachmentRecord attachment, Ends ends, int mtu,
      List<HeldAddress> shown) {
    boolean mtus = input.version().atLeast("1.1.0");
    List<Object> interfaces = list(result, "interfaces");
    Map<String, Object> host = new LinkedHashMap<>();
    host.put("name", attachment.hostInterface());
    ends.host().ifPresent(mac -> host.put("mac", mac.toString()));
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put("name", attachment.key().interfaceName());
    ends.pod().ifPresent(mac -> pod.put("mac", mac.toString()));
    pod.put("sandbox", attachment.netns());
    if (mtus) {
      host.put("mtu", mtu);
      pod.put("mtu", mtu);
    }
    interfaces.add(host);
    interfaces.add(pod);
    int index = interfaces.size() - 1;
    result.put("interfaces", interfaces);
    List<Object> ips = list(result, "ips");
    for (HeldAddress held : shown) {
      Map<String, Object> ip = new LinkedHashMap<>();
      if (!input.version().atLeast("1.0.0")) {
        ip.put("version", held.address().family() == AddressFamily.IPV4 ? "4" : "6");
      }
      ip.put("interface", index);
      ip.put("address", held.address().asCidr().toString());
      gateway(attachment, held.address().family()).ifPresent(gw -> ip.put("gateway", gw.toString()));
      ips.add(ip);
    }
    result.put("ips", ips);
    List<Object> routes = list(result, "routes");
    shown.stream().map(h -> h.address().family()).distinct().forEach(family ->
        gateway(attachment, family).ifPresent(gw -> routes.add(route(family, gw))));
    if (!routes.isEmpty()) {
      result.put("routes", routes);
    }
    if (!input.version().atLeast("1.0.0")) {
      result.putIfAbsent("dns", new LinkedHashMap<String, Object>());
    }
  }

  /** What the plugins printed that made the interface, where it was not Patchbay itself. */
  private static Optional<Fields> ofPlugins(AttachmentRecord attachment) {
    return attachment.plan().elements(Act.class).stream().map(act -> attachment.outcomes().getOrDefault(act.id(), Fields.empty()))
        .filter(outcome -> outcome.has("result")).map(outcome -> outcome.fields("result")).reduce((before, last) -> last);
  }

  private static void addMade(CniInput input, Map<String, Object> result, Fields made) {
    List<Object> interfaces = list(result, "interfaces");
    int offset = interfaces.size();
    made.list("interfaces").forEach(i -> interfaces.add(map(input.version().atLeast("1.1.0") ? i : i.without("mtu"))));
    result.put("interfaces", interfaces);
    List<Object> ips = list(result, "ips");
    for (Fields of : made.list("ips")) {
      Map<String, Object> ip = new LinkedHashMap<>();
      if (!input.version().atLeast("1.0.0")) {
        ip.put("version", of.text("address").orElse("").contains(":") ? "6" : "4");
      }
      of.number("interface").ifPresent(index -> ip.put("interface", index + offset));
      of.text("address").ifPresent(address -> ip.put("address", address));
      of.text("gateway").ifPresent(gateway -> ip.put("gateway", gateway));
      ips.add(ip);
    }
    result.put("ips", ips);
    List<Object> routes = list(result, "routes");
    made.list("routes").forEach(r -> routes.add(map(r)));
    if (!routes.isEmpty()) {
      result.put("routes", routes);
    }
    if (!made.fields("dns").equals(Fields.empty())) {
      result.put("dns", map(made.fields("dns")));
    } else if (!input.version().atLeast("1.0.0")) {
      result.putIfAbsent("dns", new LinkedHashMap<String, Object>());
    }
  }

  private static void addMadeFamilies(Map<String, Object> result, Fields made) {
    for (Fields of : made.list("ips")) {
      Map<String, Object> ip = new LinkedHashMap<>();
      String address = of.text("address").orElse("");
      ip.put("ip", address);
      of.text("gateway").ifPresent(gateway -> ip.put("gateway", gateway));
      result.putIfAbsent(address.contains(":") ? "ip6" : "ip4", ip);
    }
    result.putIfAbsent("dns", map(made.fields("dns")));
  }

  private static Map<String, Object> map(Fields fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    fields.values().forEach((name, value) -> map.put(name, json(value)));
    return map;
  }

  private static Object json(Object value) {
    return switch (value) {
      case Fields fields -> map(fields);
      case List<?> list -> {
        List<Object> values = new ArrayList<>();
        list.forEach(e -> values.add(json(java.util.Objects.requireNonNull(e))));
        yield values;
      }
      default -> value;
    };
  }

  /** Versions before 0.3.0 have one address per family and no interfaces. */
  private static void addFamilies(Map<String, Object> result, AttachmentRecord attachment, List<HeldAddress> shown) {
    for (HeldAddress held : shown) {
      AddressFamily family = held.address().family();
      Map<String, Object> ip = new LinkedHashMap<>();
      ip.put("ip", held.address().asCidr().toString());
      gateway(attachment, family).ifPresent(gw -> {
        ip.put("gateway", gw.toString());
        ip.put("routes", List.of(route(family, gw)));
      });
      result.putIfAbsent(family == AddressFamily.IPV4 ? "ip4" : "ip6", ip);
    }
    result.putIfAbsent("dns", new LinkedHashMap<String, Object>());
  }

  private static Map<String, Object> route(AddressFamily family, IpAddress gateway) {
    Map<String, Object> route = new LinkedHashMap<>();
    route.put("dst", family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0");
    route.put("gw", gateway.toString());
    return route;
  }

  /** The gateway of the pod's default route of a family, as the plan has it. */
  private static Optional<IpAddress> gateway(AttachmentRecord attachment, AddressFamily family) {
    return attachment.plan().elements(Route.class).stream()
        .filter(r -> r.space() == Space.POD && r.destination().length() == 0 && r.destination().family() == family)
        .map(Route::via).flatMap(Optional::stream).findFirst();
  }

  private static List<Object> list(Map<String, Object> result, String name) {
    return result.get(name) instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>();
  }
}
