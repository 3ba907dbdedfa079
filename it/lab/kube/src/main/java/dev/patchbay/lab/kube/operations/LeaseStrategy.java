package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;

/** Leases: an update must name the version that it replaces, so that two holders can't both win. */
final class LeaseStrategy implements Strategy {
  @Override
  public List<Cause> validate(ObjectNode lease) {
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

  @Override
  public boolean createsOnUpdate() {
    return true;
  }

  @Override
  public boolean requiresVersion() {
    return true;
  }
}
