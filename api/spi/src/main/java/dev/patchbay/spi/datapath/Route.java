package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * A route in a table. Without a gateway the destination is on the link.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Route extends PlanElement {
  static final String KIND = "route";

  Route(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a route}
   * @param space in which namespace
   * @param table in which table
   * @param destination to where
   * @param device by which device
   */
  public static Route to(Space space, Table table, Cidr destination, Device device) {
    return new Route(
        Fields.empty().with("space", space.name()).with("table", table.symbol()).with("destination", destination.toString()).with("device", device.text()));
  }

  /**
   * {@return a route that refuses}
   * @param space in which namespace
   * @param table in which table
   * @param destination to where
   */
  public static Route unreachable(Space space, Table table, Cidr destination) {
    return new Route(
        Fields.empty().with("type", "unreachable").with("space", space.name()).with("table", table.symbol()).with("destination", destination.toString()));
  }

  /**
   * {@return a route that ends the search in its table: for this destination the rules that come after decide}
   * @param space in which namespace
   * @param table in which table
   * @param destination to where
   */
  public static Route elsewhere(Space space, Table table, Cidr destination) {
    return new Route(
        Fields.empty().with("type", "throw").with("space", space.name()).with("table", table.symbol()).with("destination", destination.toString()));
  }

  /**
   * {@return this element with a gateway}
   * @param via the gateway
   */
  public Route withVia(IpAddress via) {
    return new Route(fields().with("via", via.toString()));
  }

  /**
   * {@return this element with a preferred source for local traffic}
   * @param source the source that local traffic gets
   */
  public Route withSource(IpAddress source) {
    return new Route(fields().with("source", source.toString()));
  }

  /**
   * {@return this element with a metric}
   * @param metric the metric; the least wins
   */
  public Route withMetric(int metric) {
    return new Route(fields().with("metric", metric));
  }

  /**
   * {@return this element, its gateway on the link whatever its address}
   */
  public Route withOnlink() {
    return new Route(fields().with("onlink", true));
  }

  /**
   * {@return this element in the place of all other routes of its pod to the same destination in the same table, by whomever they were
   * made; they don't come back when the attachment ends. For routes in the pod}
   */
  public Route alone() {
    return new Route(fields().with("alone", true));
  }

  /**
   * {@return in which namespace}
   */
  public Space space() {
    return Space.valueOf(fields().required("space"));
  }

  /**
   * {@return in which table}
   */
  public Table table() {
    return new Table(fields().required("table"));
  }

  /**
   * {@return to where}
   */
  public Cidr destination() {
    return Cidr.of(fields().required("destination"));
  }

  /**
   * {@return by which device; empty for a route that leads to none}
   */
  public Optional<Device> device() {
    return fields().text("device").map(Device::new);
  }

  /**
   * {@return {@code unreachable} for a route that refuses, {@code throw} for one that ends the search in its table, else empty}
   */
  public Optional<String> type() {
    return fields().text("type");
  }

  /**
   * {@return the gateway}
   */
  public Optional<IpAddress> via() {
    return fields().text("via").map(IpAddress::of);
  }

  /**
   * {@return the source that local traffic gets}
   */
  public Optional<IpAddress> source() {
    return fields().text("source").map(IpAddress::of);
  }

  /**
   * {@return the metric; the least wins}
   */
  public OptionalInt metric() {
    return number("metric");
  }

  /**
   * {@return whether the gateway counts as on the link whatever its address}
   */
  public boolean onlink() {
    return fields().isTrue("onlink");
  }

  /**
   * {@return whether it takes the place of all other routes of its pod to the same destination in the same table}
   */
  public boolean isAlone() {
    return fields().isTrue("alone");
  }

  private OptionalInt number(String name) {
    OptionalLong number = fields().number(name);
    return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
  }
}
