package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.NetlinkSocket;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Protocol;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Link;
import dev.patchbay.spi.datapath.RateLimit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Rate limits: a token bucket on the node's end of the pair for what the pod receives, and for what it sends one on a device of its own
 * (ifb) through which the node's end passes on what it receives, so that the pod waits instead of losing packets.
 */
final class RateLimits {
  private RateLimits() {}

  static boolean isFromPod(RateLimit limit) {
    return switch (limit.direction()) {
      case "from-pod" -> true;
      case "to-pod" -> false;
      default -> throw new DatapathException(DatapathException.Code.PLAN_INVALID, limit,
          "there is no direction \"" + limit.direction() + "\"", "Use to-pod or from-pod.");
    };
  }

  /** The name of the extra device, from that of the pod's device on the node alone, so that it is found again. */
  static String throttleName(RateLimit limit) {
    byte[] name = limit.device().name().orElseThrow(() -> new DatapathException(DatapathException.Code.PLAN_INVALID, limit,
        "it is for a device of the same plan only", "Name the node's end of the pair.")).getBytes(StandardCharsets.UTF_8);
    CRC32C one = new CRC32C();
    one.update(name);
    CRC32 other = new CRC32();
    other.update(name);
    return "pbl" + String.format(Locale.ROOT, "%08x%04x", one.getValue(), other.getValue() & 0xffff);
  }

  /** The requests that limit, once the devices are there. */
  static List<Request> requests(RateLimit limit, int device, Optional<NewLinks.Made> throttle) {
    TrafficControl.Bucket bucket = bucket(limit);
    if (throttle.isEmpty()) {
      return List.of(TrafficControl.limit(device, bucket));
    }
    int through = throttle.get().index;
    return List.of(TrafficControl.limit(through, bucket), TrafficControl.ingress(device), TrafficControl.redirect(device, through));
  }

  private static TrafficControl.Bucket bucket(RateLimit limit) {
    if (limit.rate() < 8) {
      throw new DatapathException(DatapathException.Code.PLAN_INVALID, limit, "a rate is at least 8 bits per second",
          "Leave the limit out if there is none.");
    }
    return TrafficControl.Bucket.ofBits(limit.rate(), limit.burst());
  }

  /** What is there instead of a limit; empty if it is there. */
  static Optional<String> deviation(RateLimit limit, View view, Netns node) {
    List<TrafficControl.Discipline> disciplines;
    try (NetlinkSocket socket = NetlinkSocket.open(Protocol.ROUTE, node)) {
      disciplines = socket.dump(TrafficControl.list(), TrafficControl::decode);
    }
    Optional<Link> device = limit.device().name().flatMap(view::link);
    if (device.isEmpty()) {
      return Optional.of("device " + limit.device() + " is missing");
    }
    if (!isFromPod(limit)) {
      return limited(device.get(), limit, disciplines);
    }
    Optional<Link> throttle = view.link(throttleName(limit));
    if (throttle.isEmpty() || !throttle.get().isUp()) {
      return Optional.of("device " + throttleName(limit) + " is " + (throttle.isEmpty() ? "missing" : "down"));
    }
    if (disciplines.stream().noneMatch(d -> d.linkIndex() == device.get().index() && d.kind().equals("ingress"))) {
      return Optional.of("what " + device.get().name() + " receives is not redirected");
    }
    return limited(throttle.get(), limit, disciplines);
  }

  private static Optional<String> limited(Link link, RateLimit limit, List<TrafficControl.Discipline> disciplines) {
    Optional<TrafficControl.Discipline> found =
        disciplines.stream().filter(d -> d.linkIndex() == link.index() && d.kind().equals("tbf")).findFirst();
    if (found.isEmpty()) {
      return Optional.of("device " + link.name() + " has no token bucket");
    }
    long wanted = bucket(limit).rate();
    return found.get().rate() == wanted ? Optional.empty()
        : Optional.of("the rate of " + link.name() + " is " + found.get().rate() + " bytes per second and should be " + wanted);
  }
}
