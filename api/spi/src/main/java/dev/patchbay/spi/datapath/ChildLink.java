package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * A device on top of another: VLAN, macvlan or ipvlan, up.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ChildLink extends PlanElement {
  static final String KIND = "child-link";

  ChildLink(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a VLAN device (802.1Q)}
   * @param name its name
   * @param space where it is
   * @param parent the device that carries it, in the node's namespace
   * @param vlanId the VLAN id, 1 to 4094
   */
  public static ChildLink vlan(String name, Space space, Device parent, int vlanId) {
    return new ChildLink(
        Fields.empty().with("type", "vlan").with("name", name).with("space", space.name()).with("parent", parent.text()).with("vlanId", vlanId));
  }

  /**
   * {@return a macvlan device}
   * @param name its name
   * @param space where it is
   * @param parent the device that carries it, in the node's namespace
   * @param mode bridge, private, vepa or passthru
   */
  public static ChildLink macvlan(String name, Space space, Device parent, String mode) {
    return new ChildLink(
        Fields.empty().with("type", "macvlan").with("name", name).with("space", space.name()).with("parent", parent.text()).with("mode", mode));
  }

  /**
   * {@return an ipvlan device}
   * @param name its name
   * @param space where it is
   * @param parent the device that carries it, in the node's namespace
   * @param mode l2, l3 or l3s
   */
  public static ChildLink ipvlan(String name, Space space, Device parent, String mode) {
    return new ChildLink(
        Fields.empty().with("type", "ipvlan").with("name", name).with("space", space.name()).with("parent", parent.text()).with("mode", mode));
  }

  /**
   * {@return this element with a hardware address of its own}
   * @param mac its hardware address; empty for one of the runtime's
   */
  public ChildLink withMac(MacAddress mac) {
    return new ChildLink(fields().with("mac", mac.toString()));
  }

  /**
   * {@return this element with an MTU of its own}
   * @param mtu its MTU in bytes; empty for that of the device below
   */
  public ChildLink withMtu(int mtu) {
    return new ChildLink(fields().with("mtu", mtu));
  }

  /**
   * {@return {@code vlan}, {@code macvlan} or {@code ipvlan}}
   */
  public String type() {
    return fields().required("type");
  }

  /**
   * {@return its name}
   */
  public String name() {
    return fields().required("name");
  }

  /**
   * {@return where it is}
   */
  public Space space() {
    return Space.valueOf(fields().required("space"));
  }

  /**
   * {@return the device that carries it, in the node's namespace}
   */
  public Device parent() {
    return new Device(fields().required("parent"));
  }

  /**
   * {@return the VLAN id, for a VLAN device}
   */
  public OptionalInt vlanId() {
    return number("vlanId");
  }

  /**
   * {@return the mode, for macvlan and ipvlan}
   */
  public Optional<String> mode() {
    return fields().text("mode");
  }

  /**
   * {@return its hardware address; empty for one of the runtime's}
   */
  public Optional<MacAddress> mac() {
    return fields().text("mac").map(MacAddress::of);
  }

  /**
   * {@return its MTU in bytes; empty for that of the device below}
   */
  public OptionalInt mtu() {
    return number("mtu");
  }

  private OptionalInt number(String name) {
    OptionalLong number = fields().number(name);
    return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
  }
}
