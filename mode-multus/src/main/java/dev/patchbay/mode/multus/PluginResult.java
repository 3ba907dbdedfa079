package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of a plugin, whichever version of the CNI specification it has.
 *
 * @param fields the result
 */
record PluginResult(Fields fields) {
  /**
   * An address.
   *
   * @param address with the length of its prefix
   * @param device the index of its interface in the result
   */
  record Ip(String address, OptionalLong device) {
    String bare() {
      int slash = address.indexOf('/');
      return slash < 0 ? address : address.substring(0, slash);
    }
  }

  List<Ip> ips() {
    List<Ip> ips = new ArrayList<>();
    for (Fields ip : fields.list("ips")) {
      ip.text("address").ifPresent(address -> ips.add(new Ip(address, ip.number("interface"))));
    }
    // Versions before 0.3.0 have one of each family, and no interfaces.
    for (String old : List.of("ip4", "ip6")) {
      fields.fields(old).text("ip").ifPresent(address -> ips.add(new Ip(address, OptionalLong.empty())));
    }
    return ips;
  }

  List<Fields> interfaces() {
    return fields.list("interfaces");
  }

  Fields dns() {
    return fields.fields("dns");
  }

  /** The gateways of its default routes. */
  List<IpAddress> gateways() {
    List<IpAddress> gateways = new ArrayList<>();
    List<Fields> routes = new ArrayList<>(fields.list("routes"));
    routes.addAll(fields.fields("ip4").list("routes"));
    routes.addAll(fields.fields("ip6").list("routes"));
    for (Fields route : routes) {
      String destination = route.text("dst").orElse("");
      if (destination.equals("0.0.0.0/0") || destination.matches("[:0]+/0")) {
        gateway(route.text("gw").orElse("")).or(() -> gatewayOfAddress(destination.contains(":"))).ifPresent(gateways::add);
      }
    }
    return gateways.stream().distinct().toList();
  }

  /** A route without a gateway of its own goes by that of the address of its family. */
  private Optional<IpAddress> gatewayOfAddress(boolean six) {
    return fields.list("ips").stream().map(ip -> ip.text("gateway").orElse("")).filter(g -> g.contains(":") == six)
        .map(PluginResult::gateway).flatMap(Optional::stream).findFirst();
  }

  private static Optional<IpAddress> gateway(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(IpAddress.of(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
