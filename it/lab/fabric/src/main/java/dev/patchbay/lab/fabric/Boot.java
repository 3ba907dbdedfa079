package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteSocket;
import java.net.InetAddress;

/** Does what an instance's operating system does with its primary interface: what DHCP and router advertisements bring. */
final class Boot {
  /** The router of every subnet with IPv6 (EC2 User Guide; the reference CNI plugin sends there too). */
  static final InetAddress GATEWAY_6 = InetAddress.ofLiteral("fe80:ec2::1");

  private Boot() {}

  static void configure(NetworkNamespace instance, InterfaceSpec spec, SubnetSpec subnet) {
    try (RouteSocket socket = Namespaces.socket(instance)) {
      int link =
          socket.link(spec.device()).orElseThrow(() -> new FabricException("no device " + spec.device() + " in " + instance)).index();
      Batch batch = new Batch().add("up", Links.change(link).up());
      spec.firstAddress(Family.IPV4)
          .ifPresent(
              address -> {
                batch.add("address", Address.of(link, new IpPrefix(address.address(), subnet.ipv4().length())).add());
                batch.add("default", Route.toAny(Family.IPV4).via(subnet.gateway()).link(link).build().add());
              });
      spec.firstAddress(Family.IPV6)
          .ifPresent(
              address -> {
                batch.add("address", Address.of(link, address).withFlags(Address.NO_DUPLICATE_DETECTION).add());
                subnet.ipv6().ifPresent(block -> batch.add("subnet", Route.to(block).link(link).build().add()));
                // fe80:ec2::1 is link-local but not in fe80::/64, so the kernel must be told where it is.
                batch.add("router", Route.to(IpPrefix.host(GATEWAY_6)).link(link).build().add());
                batch.add("default", Route.toAny(Family.IPV6).via(GATEWAY_6).link(link).build().add());
              });
      socket.execute(batch);
      Namespaces.awaitCarrier(socket, link);
    }
  }
}
