package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import io.avaje.json.mapper.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FindingLogTest {
  private static final Code FULL = Code.of(201, "SubnetFull");
  private static final Finding FIRST = Finding.of(FULL, "It is \"full\".", "Empty it.").about("subnet-1");

  private final Logger logger = (Logger) LoggerFactory.getLogger(FindingLog.class);
  private final List<Map<String, Object>> lines = new ArrayList<>();
  private final FindingLog log = new FindingLog();
  private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
    private final JsonLines encoder = new JsonLines();

    @Override
    protected void append(ILoggingEvent event) {
      encoder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
      encoder.start();
      lines.add(JsonMapper.builder().build().fromJsonObject(new String(encoder.encode(event), StandardCharsets.UTF_8)));
    }
  };

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void hangUp() {
    logger.detachAppender(appender);
  }

  @Test
  void findingIsLoggedOnceWhenItAppearsAndOnceWhenItGoesWithItsCodeAsAField() {
    log.hear(Map.of("supply a", FIRST));
    log.hear(Map.of("supply a", Finding.of(FULL, "It is still full, for the 2nd time.", "Empty it.").about("subnet-1")));
    log.hear(Map.of("supply b", FIRST));
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).containsEntry("level", "WARN").containsEntry("codeName", "SubnetFull")
        .containsEntry("subject", "subnet-1").containsEntry("finding", "appeared")
        .containsEntry("formattedMessage", "SubnetFull (201): It is \"full\". Empty it.");
    assertThat(lines.getFirst().get("code")).asInstanceOf(InstanceOfAssertFactories.type(Number.class))
        .extracting(Number::intValue).isEqualTo(201);
    log.hear(Map.of());
    log.hear(Map.of());
    assertThat(lines).hasSize(2);
    assertThat(lines.getLast()).containsEntry("level", "INFO").containsEntry("finding", "gone").containsEntry("codeName", "SubnetFull");
    log.hear(Map.of("supply a", FIRST));
    assertThat(lines).hasSize(3);
    assertThat(log.appeared()).isEqualTo(Map.of(FULL, 2L));
  }

  @Test
  void everyLineIsAJsonObjectAndSaysWhatWasThrownIfAnythingWas() {
    logger.warn("It \"broke\".", new IllegalStateException("a\nb", new RuntimeException("the cause")));
    logger.info("{} is well.", "It");
    assertThat(lines.getFirst()).containsKey("throwable").extractingByKey("throwable").asString()
        .contains("IllegalStateException", "the cause");
    assertThat(lines.getLast()).containsEntry("formattedMessage", "It is well.").doesNotContainKeys("throwable", "code");
  }

  @Test
  void findingsOfOneCodeAboutDifferentThingsAreDifferent() {
    log.hear(Map.of("a", FIRST, "b", Finding.of(FULL, "It is full.", "Empty it.").about("subnet-2")));
    assertThat(lines).extracting(line -> line.get("subject")).containsExactlyInAnyOrder("subnet-1", "subnet-2");
    log.hear(Map.of("a", FIRST));
    assertThat(lines).hasSize(3);
    assertThat(lines.getLast()).containsEntry("subject", "subnet-2").containsEntry("finding", "gone");
  }
}
