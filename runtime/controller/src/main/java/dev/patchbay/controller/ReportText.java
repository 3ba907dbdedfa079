package dev.patchbay.controller;

import dev.patchbay.cluster.ControllerReport;
import dev.patchbay.spi.Finding;
import io.avaje.json.mapper.JsonMapper;
import io.avaje.json.stream.JsonStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The controller's state as JSON. */
final class ReportText {
  /** What is empty is there all the same: who reads it need not know what could have been. */
  private static final JsonMapper JSON = JsonMapper.builder()
      .jsonStream(JsonStream.builder().serializeEmpty(true).serializeNulls(true).build()).build();

  private ReportText() {}

  static String unready(String why) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("serving", false);
    json.put("why", why);
    return JSON.toJson(json);
  }

  static String of(ControllerReport report, Map<String, Object> admission) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("identity", report.identity());
    json.put("pid", ProcessHandle.current().pid());
    json.put("holder", report.holder());
    json.put("leads", report.leads());
    json.put("terms", report.terms());
    json.put("nodes", report.nodes());
    json.put("enis", report.enis());
    json.put("leftover", report.leftover());
    json.put("unproven", report.unproven());
    json.put("open", report.open());
    json.put("looks", report.looks());
    json.put("calls", report.calls());
    json.put("throttled", report.throttled());
    json.put("swept", report.swept());
    json.put("made", report.made());
    json.put("removed", report.removed());
    json.put("findings", report.findings().values().stream().map(ReportText::finding).toList());
    json.put("admission", admission);
    return JSON.toJson(json);
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", finding.code().number());
    json.put("name", finding.code().name());
    json.put("cause", finding.cause());
    json.put("remedy", finding.remedy());
    finding.subject().ifPresent(subject -> json.put("subject", subject));
    return json;
  }
}
