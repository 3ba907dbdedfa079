package dev.patchbay.config;

import dev.patchbay.config.Key.Complaint;
import dev.patchbay.spi.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What more has to hold of a text. Constants, not functions: this runs before the daemon serves, and making a function takes
 * the JDK a millisecond at the first use.
 */
enum Form {
  ANY,
  ABSOLUTE_PATH,
  URL,
  VETH_PREFIX,
  CONFLIST_NAME,
  NETWORK_NAME,
  SHA256,
  MODE_ID,
  LISTENER,
  LOOPBACK_LISTENER;

  /** What is wrong with a text; empty if nothing is. */
  Optional<Complaint> check(String text) {
    return switch (this) {
      case ANY -> Optional.empty();
      case ABSOLUTE_PATH -> absolutePath(text);
      case URL -> url(text);
      case VETH_PREFIX -> vethPrefix(text);
      case CONFLIST_NAME -> conflistName(text);
      case NETWORK_NAME -> networkName(text);
      case SHA256 -> sha256(text);
      case MODE_ID -> modeId(text);
      case LISTENER -> listener(text);
      case LOOPBACK_LISTENER -> loopbackListener(text);
    };
  }

  private static Optional<Complaint> absolutePath(String text) {
    return Path.of(text).isAbsolute() ? Optional.empty()
        : complaint("\"" + text + "\" is no absolute path.", "Write the path from /.");
  }

  private static Optional<Complaint> url(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null) {
        return Optional.empty();
      }
    } catch (URISyntaxException _) {
      // The complaint below says all that the exception would.
    }
    return complaint("\"" + text + "\" is no URL.", "Write it like https://ec2.eu-central-1.amazonaws.com.");
  }

  /** The name's limit is the kernel's: IFNAMSIZ, 15 letters, of which 11 tell the pods apart. */
  private static Optional<Complaint> vethPrefix(String text) {
    if (!text.matches("[a-z][a-z0-9]{0,3}")) {
      return complaint("\"" + text + "\" is no prefix for the host's end of a pod's veth.",
          "Write one to four lower-case letters or digits, beginning with a letter.");
    }
    return text.equals("eth") || text.equals("lo") || text.equals("vlan")
        ? complaint("interfaces of the system itself begin with \"" + text + "\".", "Choose another prefix, eni say.")
        : Optional.empty();
  }

  private static Optional<Complaint> conflistName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.conflist") ? Optional.empty()
        : complaint("\"" + text + "\" is no file name of a CNI configuration list.",
            "Write a name without a folder that ends in .conflist; the container runtime takes the first in the alphabet.");
  }

  /** CNI specification 1.1.0, section 1, "Configuration format": the form of a network's name. */
  private static Optional<Complaint> networkName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*") ? Optional.empty()
        : complaint("\"" + text + "\" is no name of a CNI network.", "Use letters, digits, dots, dashes and underscores.");
  }

  private static Optional<Complaint> sha256(String text) {
    return text.matches("[0-9A-Fa-f]{64}") ? Optional.empty()
        : complaint("\"" + text + "\" is no SHA-256 digest.",
            "Write the 64 hexadecimal digits that sha256sum prints, in quotes if they are all digits.");
  }

  private static Optional<Complaint> modeId(String text) {
    return text.matches("[a-z0-9][a-z0-9-]{0,39}") ? Optional.empty()
        : complaint("\"" + text + "\" is no name of a mode.", "Mode names have lower-case letters, digits and dashes.");
  }

  /** {@code ADDRESS:PORT} or {@code off}. */
  private static Optional<Complaint> listener(String text) {
    try {
      socketAddress(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return complaint(e.getMessage() + ".", "Write ADDRESS:PORT, 127.0.0.1:61678 or [::1]:61678 say, or off.");
    }
  }

  /** As LISTENER, on loopback alone. */
  private static Optional<Complaint> loopbackListener(String text) {
    Optional<Complaint> complaint = listener(text);
    if (complaint.isPresent()) {
      return complaint;
    }
    Optional<InetSocketAddress> address = socketAddress(text);
    return address.isPresent() && !address.get().getAddress().isLoopbackAddress()
        ? complaint(text + " can be reached from other machines, and introspection shows every pod.",
            "Use 127.0.0.1 or [::1], or off.")
        : Optional.empty();
  }

  /** The address of a text that LISTENER has passed; empty for {@code off}. */
  static Optional<InetSocketAddress> socketAddress(String text) {
    if (text.equals("off")) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new IllegalArgumentException("\"" + text + "\" is no address and port");
    }
    if (host.contains(":") != host.matches("\\[.*]")) {
      throw new IllegalArgumentException("\"" + text + "\" has an IPv6 address without brackets");
    }
    String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    // No name is ever looked up: the SPI's parser takes literals alone.
    return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(IpAddress.of(literal).toString()), Integer.parseInt(port)));
  }

  private static Optional<Complaint> complaint(String cause, String remedy) {
    return Optional.of(new Complaint(cause, remedy));
  }
}
