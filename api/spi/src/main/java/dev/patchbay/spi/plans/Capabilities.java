package dev.patchbay.spi.plans;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.PortMapping;
import dev.patchbay.spi.datapath.RateLimit;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a container runtime asks for beside an address, as intent. The names are those of the CNI conventions (CNI
 * repository, CONVENTIONS.md, "Dynamic Plugin specific Fields"): {@code portMappings} and {@code bandwidth}.
 */
final class Capabilities {
  /** Thrown and caught in this class only. */
  private static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;

    private Wrong(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  private Capabilities() {}

  /**
   * {@return the elements that carry out what is asked for; a refusal where that can't be}
   * @param asked the capabilities' arguments
   * @param address the pod's address
   * @param device the pod's device in the node's namespace
   */
  static Answer<List<PlanElement>> elements(Fields asked, IpAddress address, Device device) {
    try {
      List<PlanElement> elements = new ArrayList<>();
      for (Fields mapping : asked.list("portMappings")) {
        mapPort(mapping, address, elements);
      }
      Fields bandwidth = asked.fields("bandwidth");
      // "ingress" is what the pod receives.
      rate(bandwidth, "ingress").ifPresent(
          rate -> elements.add(RateLimit.toPod(device, rate, burst(bandwidth, "ingress", rate))));
      rate(bandwidth, "egress").ifPresent(
          rate -> elements.add(RateLimit.fromPod(device, rate, burst(bandwidth, "egress", rate))));
      return Answer.of(elements);
    } catch (Wrong e) {
      return Answer.refuse(Codes.POD_INVALID, e.why, "Correct the pod's ports or bandwidth annotations.");
    }
  }

  private static void mapPort(Fields mapping, IpAddress address, List<PlanElement> elements) {
    long hostPort = mapping.number("hostPort").orElse(0);
    if (hostPort == 0) {
      // A container port that is published nowhere; runtimes pass it on all the same.
      return;
    }
    String protocol = mapping.text("protocol").filter(p -> !p.isEmpty()).orElse("tcp").toLowerCase(Locale.ROOT);
    if (!List.of("tcp", "udp", "sctp").contains(protocol)) {
      throw new Wrong("The pod asks for a host port of protocol \"" + protocol + "\"; tcp, udp and sctp have ports.");
    }
    PortMapping element = PortMapping.of(protocol, port(hostPort), address, port(mapping.number("containerPort").orElse(0)));
    String hostIp = mapping.text("hostIP").orElse("");
    if (hostIp.isEmpty()) {
      elements.add(element);
      return;
    }
    IpAddress hostAddress = address(hostIp);
    if (hostAddress.family() == address.family()) {
      boolean any = hostAddress.high() == 0 && hostAddress.low() == 0;
      elements.add(any ? element : element.withHostAddress(hostAddress));
    }
  }

  private static int port(long number) {
    if (number < 1 || number > 65_535) {
      throw new Wrong("The pod asks for port " + number + "; ports are 1 to 65535.");
    }
    return (int) number;
  }

  private static IpAddress address(String text) {
    try {
      return IpAddress.of(text);
    } catch (IllegalArgumentException e) {
      throw new Wrong("The pod's host port names a host address that is none: " + e.getMessage() + ".");
    }
  }

  private static OptionalLong rate(Fields bandwidth, String direction) {
    long rate = bandwidth.number(direction + "Rate").orElse(0);
    if (rate < 0) {
      throw new Wrong("The pod asks for an " + direction + " rate of " + rate + " bits per second.");
    }
    return rate == 0 ? OptionalLong.empty() : OptionalLong.of(rate);
  }

  /** A second's worth where nothing is said, so that a limit never stalls a connection for want of a burst. */
  private static long burst(Fields bandwidth, String direction, long rate) {
    long burst = bandwidth.number(direction + "Burst").orElse(0);
    if (burst < 0) {
      throw new Wrong("The pod asks for an " + direction + " burst of " + burst + " bits.");
    }
    return burst == 0 ? rate : burst;
  }
}
