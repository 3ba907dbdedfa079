package dev.patchbay.spi.datapath;

import dev.patchbay.spi.Fields;
import org.apiguardian.api.API;

/**
 * An element that a newer version wrote. The runtime keeps it, reports it, and never undoes it by guess.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class UnknownElement extends PlanElement {
  UnknownElement(String kind, Fields fields) {
    super(kind, fields);
  }
}
