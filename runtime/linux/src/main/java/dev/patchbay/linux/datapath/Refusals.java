package dev.patchbay.linux.datapath;

import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.Failure;
import dev.patchbay.netlink.NetlinkException;
import dev.patchbay.spi.datapath.Delivery;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.SourceEgress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the kernel's refusals mean. */
final class Refusals {
  private Refusals() {}

  /** Of one request of a batch. */
  static DatapathException of(PlanElement element, Failure failure) {
    boolean ofAddress = element instanceof Delivery || element instanceof SourceEgress;
    if (ofAddress && failure.errno().equals(Errno.EEXIST)) {
      return new DatapathException(DatapathException.Code.ADDRESS_TAKEN, element, "the kernel refused to " + failure.request()
          + ": it is there already", "Detach the attachment that has the address first.");
    }
    return of(element, "the kernel refused to " + failure.request() + ": " + failure.errno()
        + (failure.details().isEmpty() ? "" : ", " + failure.details()), failure.errno(), null);
  }

  static DatapathException of(@Nullable PlanElement element, NetlinkException failure) {
    return of(element, words(failure), failure.errno(), failure);
  }

  static String words(Throwable failure) {
    return Objects.requireNonNullElseGet(failure.getMessage(), failure::toString);
  }

  private static DatapathException of(@Nullable PlanElement element, String reason, Errno errno, @Nullable Throwable cause) {
    return switch (errno.name()) {
      case "EEXIST" -> new DatapathException(DatapathException.Code.EXISTS, element, reason,
          "Remove what is there, or plan something else.", cause);
      case "EOPNOTSUPP", "EAFNOSUPPORT", "EPROTONOSUPPORT" -> new DatapathException(DatapathException.Code.FEATURE_MISSING, element,
          reason, "Load or build the kernel module that it needs.", cause);
      case "EPERM" -> new DatapathException(DatapathException.Code.KERNEL_REFUSED, element, reason,
          "Run the daemon with CAP_NET_ADMIN.", cause);
      default -> new DatapathException(DatapathException.Code.KERNEL_REFUSED, element, reason,
          "Correct the plan if it asks for what can't be; otherwise look at the kernel's log.", cause);
    };
  }
}
