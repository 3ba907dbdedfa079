package dev.patchbay.linux.datapath;

import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.PlanElement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A plan could not be rendered. What had been done of it is undone. The message says what failed, why, and what to do.
 */
public final class DatapathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Code code;
  private final transient @Nullable PlanElement element;
  private final String reason;
  private final String remedy;

  DatapathException(Code code, String reason, String remedy) {
    this(code, null, reason, remedy, null);
  }

  DatapathException(Code code, PlanElement element, String reason, String remedy) {
    this(code, element, reason, remedy, null);
  }

  DatapathException(Code code, @Nullable PlanElement element, String reason, String remedy, @Nullable Throwable cause) {
    super(code.name() + " (" + code.number() + "): " + (element == null ? "" : "cannot render " + element + ": ") + reason
        + ". " + remedy, cause);
    this.code = code;
    this.element = element;
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Throws the first of some problems, the others suppressed in it, if there are any. */
  static void throwFirst(List<DatapathException> problems) {
    if (!problems.isEmpty()) {
      DatapathException first = problems.getFirst();
      problems.stream().skip(1).filter(p -> p != first).forEach(first::addSuppressed);
      throw first;
    }
  }

  /**
   * {@return what kind of failure it is}
   */
  public Code code() {
    return code;
  }

  /**
   * {@return the element that could not be rendered; empty if it is none in particular}
   */
  public Optional<PlanElement> element() {
    return Optional.ofNullable(element);
  }

  /**
   * {@return why, without a full stop}
   */
  public String reason() {
    return reason;
  }

  /**
   * {@return what to do, a sentence}
   */
  public String remedy() {
    return remedy;
  }

  /**
   * {@return it as a finding: its code under the name that people see}
   */
  public Finding finding() {
    String name = Arrays.stream(code.name().split("_")).map(w -> w.charAt(0) + w.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
    return Finding.of(dev.patchbay.spi.Code.of(code.number(), name), reason + ".", remedy);
  }

  /** Kinds of failures. */
  public enum Code {
    /** An element is of a kind that this datapath does not render. */
    ELEMENT_UNSUPPORTED(401),
    /** An element says something that can't be. */
    PLAN_INVALID(402),
    /** The pod's namespace can't be entered. */
    POD_NAMESPACE_UNUSABLE(410),
    /** The pod's namespace is the node's own. */
    POD_NAMESPACE_IS_NODE(411),
    /** The pod has an interface of that name already. */
    POD_INTERFACE_EXISTS(412),
    /** The node has a device of that name that is not ours. */
    HOST_INTERFACE_TAKEN(413),
    /** An element names an interface of the instance that was not described. */
    ENI_UNKNOWN(420),
    /** An interface of the instance is attached, and its device is not there (yet). */
    ENI_DEVICE_MISSING(421),
    /** An element names a device that is not there. */
    DEVICE_MISSING(422),
    /** Another attachment has the address. */
    ADDRESS_TAKEN(430),
    /** Another attachment has the port of the node. */
    PORT_TAKEN(431),
    /** Something like it exists and is not ours. */
    EXISTS(432),
    /** The kernel lacks a feature. */
    FEATURE_MISSING(440),
    /** The kernel refused for another reason. */
    KERNEL_REFUSED(441),
    /** The node's own datapath has not been applied yet, or was removed. */
    NODE_NOT_APPLIED(442),
    /** A sysctl can't be read or written. */
    SYSCTL_REFUSED(450),
    /** The datapath was closed. */
    CLOSED(460);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /**
     * {@return the stable number, 400 to 499}
     */
    public int number() {
      return number;
    }
  }
}
