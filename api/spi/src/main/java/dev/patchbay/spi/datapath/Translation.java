package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Intent: traffic from these sources that leaves by an interface of the node gets another source address, except to
 * some destinations. The connection then leaves by the interface that has the new address.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Translation extends PlanElement {
  static final String KIND = "translation";

  Translation(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent}
   * @param sources the sources; the networks of the pods it is for
   * @param to the address that they get, one of the node's own
   */
  public static Translation of(List<Cidr> sources, IpAddress to) {
    return new Translation(
        Fields.empty().with("sources", sources.stream().map(Cidr::toString).toList()).with("to", to.toString()));
  }

  /**
   * {@return this element with destinations that keep the source}
   * @param exceptions destinations that keep the source
   */
  public Translation withExceptions(List<Cidr> exceptions) {
    return new Translation(fields().with("exceptions", exceptions.stream().map(Cidr::toString).toList()));
  }

  /**
   * {@return this element with another way to choose ports}
   * @param ports how ports are chosen: {@code random-fully} (the default), {@code random} or {@code kernel}
   */
  public Translation withPorts(String ports) {
    return new Translation(fields().with("ports", ports));
  }

  /**
   * {@return the sources}
   */
  public List<Cidr> sources() {
    return fields().texts("sources").stream().map(Cidr::of).toList();
  }

  /**
   * {@return the address that they get}
   */
  public IpAddress to() {
    return IpAddress.of(fields().required("to"));
  }

  /**
   * {@return destinations that keep the source}
   */
  public List<Cidr> exceptions() {
    return fields().texts("exceptions").stream().map(Cidr::of).toList();
  }

  /**
   * {@return how ports are chosen: {@code random-fully} (the default), {@code random} or {@code kernel}}
   */
  public Optional<String> ports() {
    return fields().text("ports");
  }
}
