package dev.patchbay.node.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from looking for files and setting itself up as it thinks best, which takes a while at each start: {@link dev.patchbay.node.Logs} sets it up
 * when the configuration was read. What is logged before goes nowhere; what was wrong before is told on standard error.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogsLater extends ContextAwareBase implements Configurator {
  /** Started as a service; does nothing yet. */
  public LogsLater() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
