package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * Intent: connections that come in by this interface for an address of the node (a node port, say) are answered by it,
 * even where the pod that answers would leave by another.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReturnPath extends PlanElement {
  static final String KIND = "return-path";

  ReturnPath(Fields fields) {
    super(KIND, fields);
  }

  /**
   * {@return the intent}
   * @param eni the interface's id
   */
  public static ReturnPath of(String eni) {
    return new ReturnPath(
        Fields.empty().with("eni", eni));
  }

  /**
   * {@return the interface's id}
   */
  public String eni() {
    return fields().required("eni");
  }
}
