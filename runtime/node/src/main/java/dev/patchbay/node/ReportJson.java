package dev.patchbay.node;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.datapath.PlanElement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The state as JSON values. Names are stable: tools read them. */
final class ReportJson {
  private ReportJson() {}

  static Map<String, Object> of(Report report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("serving", report.serving());
    json.put("modes", report.modes());
    report.facts().ifPresent(facts -> json.put("node", node(facts, report)));
    json.put("capacity", report.capacity().orElse(null));
    json.put("lanes", report.lanes().stream().map(ReportJson::lane).toList());
    json.put("attachments", report.attachments().stream().map(ReportJson::attachment).toList());
    json.put("waiting", report.waiting().stream().map(w -> {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("pod", w.pod());
      map.put("attachment", w.key());
      map.put("millis", w.millis());
      map.put("reason", finding(w.cause()));
      return map;
    }).toList());
    Map<String, Object> cooling = new LinkedHashMap<>();
    report.cooling().forEach((ip, millis) -> cooling.put(ip.toString(), millis));
    json.put("cooling", cooling);
    json.put("refusals", report.refusals().stream().map(ReportJson::refusal).toList());
    Map<String, Object> holders = new LinkedHashMap<>();
    new TreeMap<>(report.holders()).forEach((ip, holder) -> {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("pod", holder.pod());
      map.put("attachment", holder.key());
      map.put("until", time(holder.until()));
      holders.put(ip.toString(), map);
    });
    json.put("lastHolders", holders);
    json.put("findings", report.findings().stream().map(ReportJson::finding).toList());
    json.put("operation", report.operation().orElse(null));
    return json;
  }

  private static Map<String, Object> node(NodeFacts facts, Report report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("instanceId", facts.identity().instanceId());
    map.put("instanceType", facts.type().name());
    map.put("region", facts.identity().region());
    map.put("zone", facts.identity().zone());
    map.put("vpc", facts.identity().vpcId());
    map.put("vpcCidrs", facts.vpcCidrs().stream().map(Object::toString).toList());
    map.put("enis", facts.enis().stream().map(e -> {
      Map<String, Object> eni = eni(e, report.provenance().contains(e.id()), e.id().equals(facts.primary().id()));
      report.enis().stream().filter(r -> r.id().equals(e.id())).findFirst().ifPresent(r -> {
        eni.put("ready", r.ready());
        eni.put("draining", r.draining());
        eni.put("leftAlone", r.leftAlone().orElse(null));
      });
      return eni;
    }).toList());
    return map;
  }

  private static Map<String, Object> eni(NodeFacts.Eni eni, boolean ours, boolean primary) {
    EniRecord r = eni.record();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", r.id());
    map.put("mac", r.mac().toString());
    map.put("type", r.type());
    map.put("primary", primary);
    map.put("lane", eni.lane().orElse(null));
    map.put("madeByPatchbay", ours);
    map.put("subnet", r.subnetId());
    map.put("groups", r.groups());
    map.put("device", r.attachment().map(EniRecord.Attachment::deviceIndex).orElse(null));
    map.put("card", r.attachment().map(EniRecord.Attachment::networkCard).orElse(null));
    map.put("address", r.primary().map(Object::toString).orElse(null));
    map.put("addresses", r.addresses().stream().map(Object::toString).toList());
    map.put("prefixes", r.prefixes().stream().map(Object::toString).toList());
    return map;
  }

  private static Map<String, Object> lane(Report.LaneReport lane) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", lane.lane());
    map.put("origin", lane.origin());
    map.put("family", lane.family().name());
    map.put("source", lane.source());
    map.put("enis", lane.enis());
    map.put("held", lane.held());
    map.put("free", lane.free());
    map.put("cooling", lane.cooling());
    map.put("target", lane.target());
    return map;
  }

  private static Map<String, Object> attachment(AttachmentRecord a) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("attachment", a.key().toString());
    map.put("namespace", a.podNamespace());
    map.put("name", a.podName());
    map.put("uid", a.podUid());
    map.put("network", a.network());
    map.put("netns", a.netns());
    map.put("hostInterface", a.hostInterface());
    map.put("mode", a.mode());
    map.put("state", a.state().name());
    map.put("since", time(a.since()));
    map.put("addresses", a.addresses().stream().map(h -> {
      Map<String, Object> held = new LinkedHashMap<>();
      held.put("address", h.address().toString());
      held.put("lane", h.lane());
      held.put("eni", h.eniId().orElse(null));
      held.put("role", h.request().role());
      return held;
    }).toList());
    map.put("plan", a.plan().elements().stream().map(ReportJson::element).toList());
    return map;
  }

  static Map<String, Object> element(PlanElement element) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", element.kind());
    element.fields().values().forEach((name, value) -> map.put(name, plain(value)));
    return map;
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Fields fields -> {
        Map<String, Object> map = new LinkedHashMap<>();
        fields.values().forEach((name, v) -> map.put(name, plain(v)));
        yield map;
      }
      case List<?> list -> list.stream().map(ReportJson::plain).toList();
      default -> value;
    };
  }

  private static Map<String, Object> refusal(Report.Refusal refusal) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pod", refusal.pod());
    map.put("attachment", refusal.key());
    map.put("reason", finding(refusal.reason()));
    map.put("later", refusal.later());
    map.put("times", refusal.times());
    map.put("first", time(refusal.first()));
    map.put("last", time(refusal.last()));
    return map;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  static Map<String, Object> finding(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("code", finding.code().number());
    map.put("name", finding.code().name());
    map.put("cause", finding.cause());
    map.put("remedy", finding.remedy());
    finding.subject().ifPresent(subject -> map.put("subject", subject));
    return map;
  }
}
