package dev.patchbay.mode.sgp.cluster;

import dev.patchbay.mode.sgp.policy.Json;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.cluster.ClusterView.ClusterEniView;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is written about a branch on its pod, to the letter as EKS's controller does. */
final class Annotation {
  private Annotation() {}

  /** The interface that a pod's annotation names; empty if there is none, or it names none. */
  static Optional<String> eni(ObjectView pod) {
    String text = pod.annotations().get(Requests.KEY);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Json.read(text) instanceof List<?> all && !all.isEmpty() && all.getFirst() instanceof Map<?, ?> first
          && first.get("eniid") instanceof String id ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Compact, with these keys in this order, all of them always there. */
  static String of(ClusterEniView branch, int vlan) {
    return "[{\"eniId\":\"" + branch.id() + "\",\"ifAddress\":\"" + branch.mac() + "\",\"privateIp\":\"" + address(branch, AddressFamily.IPV4)
        + "\",\"ipv6Addr\":\"" + address(branch, AddressFamily.IPV6) + "\",\"vlanId\":" + vlan + ",\"subnetCidr\":\""
        + subnet(branch, AddressFamily.IPV4) + "\",\"subnetV6Cidr\":\"" + subnet(branch, AddressFamily.IPV6) + "\",\"associationID\":\""
        + branch.associationId().orElse("") + "\"}]";
  }

  private static String address(ClusterEniView branch, AddressFamily family) {
    return branch.primaryAddress(family).map(Object::toString).orElse("");
  }

  private static String subnet(ClusterEniView branch, AddressFamily family) {
    return branch.subnet().cidrs(family).stream().findFirst().map(Cidr::toString).orElse("");
  }
}
