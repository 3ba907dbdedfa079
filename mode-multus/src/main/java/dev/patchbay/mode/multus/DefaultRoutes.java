package dev.patchbay.mode.multus;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pod's default route over one of its further interfaces. It is planned with the last of them, when all have made theirs, and takes
 * their place.
 */
final class DefaultRoutes {
  private DefaultRoutes() {}

  /**
   * Where the default routes shall go.
   *
   * @param selections what the pod asks for
   * @param names the names of the interfaces
   * @return the interfaces and their gateways
   * @throws Refusal if there would be two of a family
   */
  static List<Fields> of(List<Selection> selections, List<String> names) throws Refusal {
    List<Fields> defaults = new ArrayList<>();
    int own = 0;
    List<IpAddress> gateways = new ArrayList<>();
    for (int i = 0; i < selections.size(); i++) {
      Optional<List<IpAddress>> route = selections.get(i).defaultRoute();
      if (route.isPresent()) {
        own += route.get().isEmpty() ? 1 : 0;
        gateways.addAll(route.get());
        defaults.add(Fields.empty().with("interface", names.get(i))
            .with("gateways", route.get().stream().map(IpAddress::toString).toList()));
      }
    }
    boolean twice = own > 1 || own == 1 && !gateways.isEmpty() || Stream.of(AddressFamily.values())
        .anyMatch(family -> gateways.stream().filter(g -> g.family() == family).count() > 1);
    if (twice) {
      throw Refusal.ofPod("The annotation " + Annotation.NETWORKS + " can't be used: \"default-route\" asks for two default routes of one"
          + " family.", "Name at most one gateway of each family, over all elements.");
    }
    return defaults;
  }

  /**
   * {@return the routes}
   * @param last the last attachment of the pod, made
   */
  static List<PlanElement> elements(AttachmentView last) {
    List<PlanElement> elements = new ArrayList<>();
    for (Fields of : new Request(last.request()).defaults()) {
      String name = of.required("interface");
      Stream.concat(last.earlier().stream(), Stream.of(last)).filter(a -> a.interfaceName().equals(name)).findFirst()
          .ifPresent(attachment -> gateways(attachment, of.texts("gateways").stream().map(IpAddress::of).toList()).forEach(gateway ->
              elements.add(Route.to(Space.POD, Table.MAIN, everything(gateway.family()), Device.named(name)).withVia(gateway).alone())));
    }
    return elements;
  }

  private static List<IpAddress> gateways(AttachmentView attachment, List<IpAddress> given) {
    Request request = new Request(attachment.request());
    if (request.isLane()) {
      // What the VPC's router is called is the node's affair.
      return attachment.addresses().stream().map(HeldAddressView::address).map(IpAddress::family).distinct()
          .filter(family -> given.isEmpty() || given.stream().anyMatch(g -> g.family() == family))
          .map(family -> RoutedPod.gateway(attachment, family)).toList();
    }
    if (given.isEmpty() && request.borrowed().isPresent()) {
      return attachment.addresses().stream().map(BorrowedNetwork::gateway).flatMap(Optional::stream).distinct().toList();
    }
    return given.isEmpty() ? new PluginResult(attachment.outcome(Plugins.ACT).fields("result")).gateways() : given;
  }

  static Cidr everything(AddressFamily family) {
    return Cidr.of(family == AddressFamily.IPV4 ? "0.0.0.0/0" : "::/0");
  }
}
