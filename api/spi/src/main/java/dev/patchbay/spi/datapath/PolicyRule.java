package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A policy routing rule. For what intent can't say; {@link SourceEgress} and {@link Delivery} cost no rule per pod.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PolicyRule extends PlanElement {
  /** As the device by which traffic came in: what the node itself sends. */
  public static final Device FROM_NODE = Device.named("lo");

  static final String KIND = "rule";

  PolicyRule(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a rule}
   * @param band where among the rules: {@code first} (before the local table), {@code claim} (before pods are looked up), {@code egress} (after that), {@code last} (before the main table)
   * @param table the table that decides
   */
  public static PolicyRule of(String band, Table table) {
    return new PolicyRule(
        Fields.empty().with("band", band).with("table", table.symbol()));
  }

  /**
   * {@return this element with a source that it is for}
   * @param from the source that it is for
   */
  public PolicyRule withFrom(Cidr from) {
    return new PolicyRule(fields().with("from", from.toString()));
  }

  /**
   * {@return this element with a destination that it is for}
   * @param to the destination that it is for
   */
  public PolicyRule withTo(Cidr to) {
    return new PolicyRule(fields().with("to", to.toString()));
  }

  /**
   * {@return this element with a device by which traffic came in}
   * @param incoming the device by which traffic came in; {@link #FROM_NODE} for what the node itself sends
   */
  public PolicyRule withIncoming(Device incoming) {
    return new PolicyRule(fields().with("incoming", incoming.text()));
  }

  /**
   * {@return this element with a transport protocol}
   * @param protocol the transport protocol that it is for
   */
  public PolicyRule withProtocol(String protocol) {
    return new PolicyRule(fields().with("protocol", protocol));
  }

  /**
   * {@return where among the rules}
   */
  public String band() {
    return fields().required("band");
  }

  /**
   * {@return the table that decides}
   */
  public Table table() {
    return new Table(fields().required("table"));
  }

  /**
   * {@return the source that it is for}
   */
  public Optional<Cidr> from() {
    return fields().text("from").map(Cidr::of);
  }

  /**
   * {@return the destination that it is for}
   */
  public Optional<Cidr> to() {
    return fields().text("to").map(Cidr::of);
  }

  /**
   * {@return the device by which traffic came in}
   */
  public Optional<Device> incoming() {
    return fields().text("incoming").map(Device::new);
  }

  /**
   * {@return the transport protocol that it is for}
   */
  public Optional<String> protocol() {
    return fields().text("protocol");
  }
}
