package dev.patchbay.it.e2e.containerd;

import dev.patchbay.lab.fabric.NetworkNamespace;
import java.net.InetAddress;
import java.util.Optional;

/** Asks what runs in a container from which address it sees the client come. */
final class Web {
  private static final String LONGEST_SECONDS = "30";

  private Web() {}

  /** The command, for a client with busybox. */
  static String[] command(InetAddress address, int port) {
    return new String[] {
      "busybox", "timeout", LONGEST_SECONDS, "busybox", "wget", "-q", "-Y", "off", "-O", "-", "http://" + address.getHostAddress() + ":" + port + Image.path()
    };
  }

  /** The address that the container saw; empty without an answer. */
  static Optional<InetAddress> seen(NetworkNamespace from, InetAddress address, int port) {
    NetworkNamespace.Outcome outcome = from.run(command(address, port));
    return outcome.succeeded() ? Optional.of(InetAddress.ofLiteral(outcome.output().strip())) : Optional.empty();
  }
}
