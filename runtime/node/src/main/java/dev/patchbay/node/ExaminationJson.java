package dev.patchbay.node;

import dev.patchbay.core.kernel.KernelObject;
import dev.patchbay.node.engine.Examination;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What of a plan is in the kernel, as JSON values. Names are stable: tools read them. */
final class ExaminationJson {
  private ExaminationJson() {}

  static Map<String, Object> of(Examination examination) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("unseen", examination.unseen().isEmpty() ? null : examination.unseen());
    json.put("objects", examination.objects().stream().map(ExaminationJson::object).toList());
    return json;
  }

  private static Map<String, Object> object(KernelObject object) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", object.kind());
    json.put("in", object.space().name().toLowerCase(Locale.ROOT));
    json.put("text", object.text());
    json.put("state", object.state().name().toLowerCase(Locale.ROOT));
    json.put("found", object.found());
    json.put("eni", object.eni().orElse(null));
    json.put("element", ReportJson.element(object.element()));
    return json;
  }
}
