package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Leases: an update must name the version that it replaces, so that two holders can't both win. */
final class LeaseStrategy implements Strategy {
  private static final Pattern MICRO_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}(Z|[+-]\\d\\d:\\d\\d)");

  @Override
  public List<Cause> validate(ObjectNode lease) {
    List.of("acquireTime", "renewTime").forEach(field -> requireTime(Json.at(lease, "spec", field)));
    List<Cause> causes = new ArrayList<>();
    JsonNode duration = Json.at(lease, "spec", "leaseDurationSeconds");
    if (duration.isNumber() && duration.asLong() <= 0) {
      causes.add(Cause.invalid("spec.leaseDurationSeconds", duration.asText(), "must be greater than 0"));
    }
    JsonNode transitions = Json.at(lease, "spec", "leaseTransitions");
    if (transitions.asLong(0) < 0) {
      causes.add(Cause.invalid("spec.leaseTransitions", transitions.asText(), "must be greater than or equal to 0"));
    }
    return causes;
  }

  /** These are to the microsecond, neither more nor less (k8s.io/apimachinery, MicroTime). */
  private static void requireTime(JsonNode time) {
    if (!time.isMissingNode() && !MICRO_TIME.matcher(time.asText()).matches()) {
      throw StatusException.badRequest(
          "Lease in version \"v1\" cannot be handled as a Lease: parsing time \""
              + time.asText()
              + "\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \""
              + time.asText()
              + '"');
    }
  }

  @Override
  public boolean createsOnUpdate() {
    return true;
  }

  @Override
  public boolean requiresVersion() {
    return true;
  }
}
