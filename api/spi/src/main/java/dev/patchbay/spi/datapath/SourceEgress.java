package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import org.apiguardian.api.API;

/**
 * Intent: traffic from this source leaves by that interface, unless it stays on the node.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SourceEgress extends PlanElement {
  static final String KIND = "source-egress";

  SourceEgress(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent}
   * @param source the source: one address or a prefix
   * @param eni the interface's id
   */
  public static SourceEgress of(Cidr source, String eni) {
    return new SourceEgress(
        Fields.empty().with("source", source.toString()).with("eni", eni));
  }

  /**
   * {@return the source}
   */
  public Cidr source() {
    return Cidr.of(fields().required("source"));
  }

  /**
   * {@return the interface's id}
   */
  public String eni() {
    return fields().required("eni");
  }
}
