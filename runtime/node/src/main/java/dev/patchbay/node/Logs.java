package dev.patchbay.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.patchbay.config.Configuration;
import org.slf4j.LoggerFactory;

/** Logs to standard error, as the operator chose. Set up by hand: reading XML costs a tenth of a second at each start. */
public final class Logs {
  private Logs() {}

  /**
   * Sets logs up, again if they were before.
   *
   * @param configuration says what is logged, and how
   */
  public static void configure(Configuration configuration) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(configuration.logFormat(), context));
    console.start();
    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("dev.patchbay").setLevel(Level.valueOf(configuration.logLevel().name()));
  }

  private static Encoder<ILoggingEvent> encoder(Configuration.LogFormat format, LoggerContext context) {
    Encoder<ILoggingEvent> encoder;
    if (format == Configuration.LogFormat.JSON) {
      encoder = new JsonLines();
    } else {
      PatternLayoutEncoder pattern = new PatternLayoutEncoder();
      pattern.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} - %msg%n%ex");
      encoder = pattern;
    }
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
