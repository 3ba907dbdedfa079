package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.spi.Code;
import java.util.List;

/** What may stand in a configuration and is not carried out by this version: refused, since half of it would be a surprise. */
final class NotYet {
  /** A setting is valid, and this version does not carry it out. */
  static final Code UNSUPPORTED = Code.of(119, "ConfigurationUnsupported");

  private NotYet() {}

  /**
   * Looks at a node's configuration.
   *
   * @throws ConfigurationException if it asks for what this version does not do
   */
  static void refuse(Configuration configuration) {
    if (configuration.node().datapath() == Configuration.Datapath.CLASSIC) {
      throw new ConfigurationException(List.of(configuration.problem("node.datapath", UNSUPPORTED,
          "node.datapath: this version does not render the classic datapath, and rules other than those asked for would be no"
              + " answer.",
          "Use fast, or leave the key out.")));
    }
  }
}
