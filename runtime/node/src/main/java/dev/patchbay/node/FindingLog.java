package dev.patchbay.node;

import dev.patchbay.node.engine.FindingFields;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each finding once when it appears and once when it goes, however often it is found again meanwhile and whatever its words are
 * by then; and counts. What is heard by one thread, counts are read by any.
 */
public final class FindingLog {
  private static final Logger LOG = LoggerFactory.getLogger(FindingLog.class);

  private final Map<Code, Long> appeared = new TreeMap<>();
  private Map<Identity, Finding> there = Map.of();

  /** Makes a log in which nothing was found yet. */
  public FindingLog() {}

  /** What makes two findings the same: what they are and what they are about, which may be said in the cause alone. */
  private record Identity(Code code, String about) {
    static Identity of(Finding finding) {
      return new Identity(finding.code(), finding.subject().orElse(finding.cause()));
    }
  }

  /**
   * Hears what the operator should know now.
   *
   * @param now all of it, by what it is about
   */
  public void hear(Map<String, Finding> now) {
    Map<Identity, Finding> next = new LinkedHashMap<>();
    now.values().forEach(finding -> next.putIfAbsent(Identity.of(finding), finding));
    there.forEach((identity, finding) -> {
      if (!next.containsKey(identity)) {
        FindingFields.on(LOG.atInfo().addKeyValue("finding", "gone"), finding)
            .log("{} is over: {}", finding.code(), finding.cause());
      }
    });
    next.forEach((identity, finding) -> {
      if (!there.containsKey(identity)) {
        FindingFields.on(LOG.atWarn().addKeyValue("finding", "appeared"), finding).log("{}", finding);
        synchronized (appeared) {
          appeared.merge(finding.code(), 1L, Long::sum);
        }
      }
    });
    there = next;
  }

  /**
   * {@return how often findings of each code have appeared since the start}
   */
  public Map<Code, Long> appeared() {
    synchronized (appeared) {
      return new TreeMap<>(appeared);
    }
  }
}
