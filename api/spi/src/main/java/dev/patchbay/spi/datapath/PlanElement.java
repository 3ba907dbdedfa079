package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One thing that should exist or hold. The vocabulary is closed: modes combine these elements and add none. Each element is
 * its {@link #kind()} and its fields, which is also how it stands in the ledger. Immutable; equal if kind and fields are.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class PlanElement
    permits Act, ChildLink, Delivery, InterfaceAddress, MovedDevice, Neighbour, PolicyRule, PortMapping, RateLimit,
        ReturnPath, Route, SourceEgress, StandaloneLink, Sysctl, Translation, UnknownElement, VethPair {
  private final String kind;
  private final Fields fields;

  PlanElement(String kind, Fields fields) {
    this.kind = kind;
    this.fields = fields;
  }

  /**
   * Reads an element back. One that this version does not know is kept to the letter as an {@link UnknownElement}.
   *
   * @param kind its kind
   * @param fields its fields
   * @return the element
   */
  public static PlanElement of(String kind, Fields fields) {
    return switch (kind) {
      case Act.KIND -> new Act(fields);
      case ChildLink.KIND -> new ChildLink(fields);
      case Delivery.KIND -> new Delivery(fields);
      case InterfaceAddress.KIND -> new InterfaceAddress(fields);
      case MovedDevice.KIND -> new MovedDevice(fields);
      case Neighbour.KIND -> new Neighbour(fields);
      case PolicyRule.KIND -> new PolicyRule(fields);
      case PortMapping.KIND -> new PortMapping(fields);
      case RateLimit.KIND -> new RateLimit(fields);
      case ReturnPath.KIND -> new ReturnPath(fields);
      case Route.KIND -> new Route(fields);
      case SourceEgress.KIND -> new SourceEgress(fields);
      case StandaloneLink.KIND -> new StandaloneLink(fields);
      case Sysctl.KIND -> new Sysctl(fields);
      case Translation.KIND -> new Translation(fields);
      case VethPair.KIND -> new VethPair(fields);
      default -> new UnknownElement(kind, fields);
    };
  }

  /**
   * {@return what kind of element it is, a stable word}
   */
  public final String kind() {
    return kind;
  }

  /**
   * {@return all that it says}
   */
  public final Fields fields() {
    return fields;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof PlanElement e && e.kind.equals(kind) && e.fields.equals(fields);
  }

  @Override
  public final int hashCode() {
    return kind.hashCode() * 31 + fields.hashCode();
  }

  @Override
  public final String toString() {
    return kind + fields;
  }
}
