package dev.patchbay.node;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.avaje.json.mapper.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/** Log lines as JSON objects, with what a line is about ({@code code} of a finding, say) as fields of their own. */
final class JsonLines extends JsonEncoder {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  JsonLines() {
    setWithFormattedMessage(true);
    setWithMessage(false);
    setWithArguments(false);
    setWithContext(false);
    setWithMDC(false);
    setWithSequenceNumber(false);
    setWithNanoseconds(false);
    setWithKVPList(false);
    // Written below, where there is one.
    setWithThrowable(false);
  }

  @Override
  protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
    for (KeyValuePair pair : Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of())) {
      Object value = pair.value instanceof Number || pair.value instanceof Boolean ? pair.value : String.valueOf(pair.value);
      line.append(",\"").append(pair.key).append("\":").append(JSON.toJson(value));
    }
    if (event.getThrowableProxy() != null) {
      appendThrowableProxy(line, THROWABLE_ATTR_NAME, event.getThrowableProxy());
    }
  }
}
