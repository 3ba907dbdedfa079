package dev.patchbay.node.engine;

import dev.patchbay.spi.Finding;
import org.slf4j.spi.LoggingEventBuilder;

/** The fields of a log line that is about a finding, so that its code can be searched for. */
public final class FindingFields {
  private FindingFields() {}

  /**
   * Adds the fields.
   *
   * @param line the line that is being made
   * @param finding what it is about
   * @return the line
   */
  public static LoggingEventBuilder on(LoggingEventBuilder line, Finding finding) {
    LoggingEventBuilder with =
        line.addKeyValue("code", finding.code().number()).addKeyValue("codeName", finding.code().name());
    return finding.subject().map(subject -> with.addKeyValue("subject", subject)).orElse(with);
  }
}
