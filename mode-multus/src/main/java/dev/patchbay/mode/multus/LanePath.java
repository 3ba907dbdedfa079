package dev.patchbay.mode.multus;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.plans.RoutedPod;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.HeldAddressView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A further interface with addresses of the VPC: what it sends goes by the interface of the node that its address lies on, and in the
 * pod, what lies in that subnet is reached by it.
 */
final class LanePath {
  private LanePath() {}

  static Answer<DatapathPlan> plan(AttachmentView attachment, Request request) {
    Answer<DatapathPlan> routed = RoutedPod.attachment(attachment, attachment.addresses());
    if (routed.plan().isEmpty()) {
      return routed;
    }
    List<PlanElement> elements = new ArrayList<>();
    for (PlanElement element : routed.plan().get().elements()) {
      // What the container runtime asks for is for the pod's first interface; this one has what the annotation asks of it.
      if (!(element instanceof PortMapping) && !(element instanceof RateLimit)) {
        elements.add(element);
      }
    }
    Device inPod = Device.named(attachment.interfaceName());
    // A pod may be on a subnet more than once: the interface that came first is taken where nobody names one.
    int metric = 1 + attachment.earlier().size();
    for (Cidr destination : destinations(attachment, request)) {
      if (attachment.addresses().stream().anyMatch(a -> a.address().family() == destination.family())) {
        elements.add(Route.to(Space.POD, Table.MAIN, destination, inPod).withVia(RoutedPod.gateway(attachment, destination.family()))
            .withMetric(metric));
      }
    }
    Device onHost = Device.named(attachment.hostInterfaceName());
    Fields bandwidth = request.capabilities().fields("bandwidth");
    rate(bandwidth, "ingress").ifPresent(rate -> elements.add(RateLimit.toPod(onHost, rate, burst(bandwidth, "ingress", rate))));
    rate(bandwidth, "egress").ifPresent(rate -> elements.add(RateLimit.fromPod(onHost, rate, burst(bandwidth, "egress", rate))));
    for (Fields mapping : request.capabilities().list("portMappings")) {
      for (HeldAddressView held : attachment.addresses()) {
        PortMapping element = PortMapping.of(mapping.required("protocol"), (int) mapping.number("hostPort").orElseThrow(), held.address(),
            (int) mapping.number("containerPort").orElseThrow());
        boolean all = mapping.text("hostIP").isEmpty();
        if (all || IpAddress.of(mapping.required("hostIP")).family() == held.address().family()) {
          elements.add(all ? element : element.withHostAddress(IpAddress.of(mapping.required("hostIP"))));
        }
      }
    }
    return Answer.of(DatapathPlan.of(elements));
  }

  private static Set<Cidr> destinations(AttachmentView attachment, Request request) {
    Set<Cidr> destinations = new LinkedHashSet<>();
    for (HeldAddressView held : attachment.addresses()) {
      held.eni().ifPresent(eni -> destinations.addAll(eni.subnet().cidrs(held.address().family())));
    }
    request.routes().forEach(route -> destinations.add(Cidr.of(route)));
    // A default route is asked for by the pod, since others lose theirs by it.
    destinations.removeIf(d -> d.length() == 0);
    return destinations;
  }

  private static java.util.OptionalLong rate(Fields bandwidth, String direction) {
    long rate = bandwidth.number(direction + "Rate").orElse(0);
    return rate == 0 ? java.util.OptionalLong.empty() : java.util.OptionalLong.of(rate);
  }

  private static long burst(Fields bandwidth, String direction, long rate) {
    long burst = bandwidth.number(direction + "Burst").orElse(0);
    return burst == 0 ? rate : burst;
  }
}
