package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.spi.Fields;

/** The operator's settings of the datapath, as modes see them. */
public final class DatapathSettings {
  private DatapathSettings() {}

  /**
   * {@return the settings of a configuration}
   * @param configuration the configuration
   */
  public static Fields of(Configuration configuration) {
    Fields egress = Fields.empty().with("translate", configuration.egress().translate())
        .with("exceptions", configuration.egress().exceptions().stream().map(Object::toString).toList())
        .with("mainTable", configuration.egress().mainTable().stream().map(Object::toString).toList())
        .with("ports", configuration.egress().ports()).with("nodePorts", configuration.egress().nodePorts());
    return Fields.empty().with("mtu", configuration.node().mtu()).with("vethPrefix", configuration.node().vethPrefix())
        .with("egress", egress);
  }
}
