package dev.patchbay.netlink;

/** What to do about errors whose name alone misleads. */
final class Advice {
  private Advice() {}

  /** A sentence fragment to append to a message, or nothing. */
  static String on(Errno errno) {
    return switch (errno.name()) {
      case "EPERM" -> "; the process needs CAP_NET_ADMIN in the user namespace that owns the network namespace";
      case "EOPNOTSUPP", "EAFNOSUPPORT", "EPROTONOSUPPORT", "ENOTSUPP" ->
          "; this kernel lacks the feature, or its module is not loaded";
      case "ENOBUFS" -> "; more arrived than the socket's receive buffer holds, so replies are lost";
      case "EMFILE", "ENFILE" -> "; raise the limit of open files (ulimit -n)";
      default -> "";
    };
  }
}
