package dev.patchbay.it.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.fabric.Ping;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Who reaches whom, and as whom. */
final class Packets {
  static final Duration LONG = Duration.ofMinutes(5);
  /** As many requests without an answer count as none that comes; an answer takes milliseconds, even here. */
  static final int TRIES = 3;

  /** Each server has a port of its own: one that was just closed may be held for a while yet. */
  private static final AtomicInteger PORT = new AtomicInteger(20_000);

  private Packets() {}

  /** The address as which somebody is seen at an address of somebody else; empty if nothing comes there, or back. */
  static Optional<InetAddress> seen(NetworkNamespace from, NetworkNamespace to, InetAddress address) {
    InetAddress any = InetAddress.ofLiteral(address instanceof Inet4Address ? "0.0.0.0" : "::");
    try (Echo echo = Echo.serve(to, any, PORT.incrementAndGet())) {
      return Echo.tcp(from, address, echo.address().getPort(), LONG);
    }
  }

  /** The other pod sees the one's own address, in each family that both have. */
  static void reaches(LabPod from, LabPod to) {
    int tried = 0;
    for (InetAddress source : from.addresses()) {
      for (InetAddress target : to.addresses()) {
        if (source.getClass() == target.getClass()) {
          assertThat(seen(from.netns(), to.netns(), target)).as("%s reaches %s", from, to).contains(source);
          tried++;
        }
      }
    }
    assertThat(tried).isPositive();
  }

  /** No request of the one is answered by the other, in whichever family both have. */
  static void doesNotReach(LabPod from, LabPod to) {
    int tried = 0;
    for (InetAddress target : to.addresses()) {
      if (from.addresses().stream().anyMatch(a -> a.getClass() == target.getClass())) {
        assertThat(Ping.run(from.netns(), target, TRIES, 1).received()).as("answers that %s has of %s", from, to).isZero();
        tried++;
      }
    }
    assertThat(tried).isPositive();
  }
}
