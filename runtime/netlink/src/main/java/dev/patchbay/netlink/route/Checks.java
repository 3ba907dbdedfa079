package dev.patchbay.netlink.route;

import dev.patchbay.netlink.sys.RouteConstants;
import java.nio.charset.StandardCharsets;

/** Arguments that the kernel would refuse without saying which, or would take modulo something. */
final class Checks {
  private Checks() {}

  static int within(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException("The " + what + " must be within " + least + " to " + most + ", and is " + value);
    }
    return value;
  }

  static int atLeast(int value, int least, String what) {
    if (value < least) {
      throw new IllegalArgumentException("The " + what + " must be at least " + least + ", and is " + value);
    }
    return value;
  }

  /** dev_valid_name in net/core/dev.c. */
  static String linkName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    boolean forbidden =
        name.equals(".") || name.equals("..") || name.chars().anyMatch(c -> c == '/' || c == ':' || Character.isWhitespace(c));
    if (bytes < 1 || bytes >= RouteConstants.IFNAMSIZ || forbidden) {
      throw new IllegalArgumentException("\"" + name + "\" can't name an interface: 1 to " + (RouteConstants.IFNAMSIZ - 1)
          + " bytes, without slash, colon and white space");
    }
    return name;
  }

  static String alias(String alias) {
    int bytes = alias.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= RouteConstants.IFALIASZ) {
      throw new IllegalArgumentException(
          "An interface's alias has at most " + (RouteConstants.IFALIASZ - 1) + " bytes, and this has " + bytes);
    }
    return alias;
  }
}
