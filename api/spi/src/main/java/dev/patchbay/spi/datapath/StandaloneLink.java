package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A device that stands alone: dummy, bridge or VRF, up.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StandaloneLink extends PlanElement {
  static final String KIND = "standalone-link";

  StandaloneLink(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return a device}
   * @param type dummy, bridge or vrf
   * @param name its name
   * @param space where it is
   */
  public static StandaloneLink of(String type, String name, Space space) {
    return new StandaloneLink(
        Fields.empty().with("type", type).with("name", name).with("space", space.name()));
  }

  /**
   * {@return this element with a routing table, for a VRF}
   * @param table the symbol of the routing table, for a VRF
   */
  public StandaloneLink withTable(String table) {
    return new StandaloneLink(fields().with("table", table));
  }

  /**
   * {@return {@code dummy}, {@code bridge} or {@code vrf}}
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
   * {@return the symbol of the routing table, for a VRF}
   */
  public Optional<String> table() {
    return fields().text("table");
  }
}
