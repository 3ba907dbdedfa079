package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.view.ObjectsView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** A mode that decides as a test says, by one rule that changes pods and one that may refuse them. */
final class Deciding implements NetworkMode, AdmissionPlanner {
  static final String CONDITION = "has(object.metadata.annotations)";

  private final BiFunction<Request, ObjectsView, AdmissionDecision> decide;

  private Deciding(BiFunction<Request, ObjectsView, AdmissionDecision> decide) {
    this.decide = decide;
  }

  static List<Asked> by(BiFunction<Request, ObjectsView, AdmissionDecision> decide) {
    ModeDescriptor descriptor = ModeDescriptor.of("Decides.").clusterReads(ObjectKind.NAMESPACE).admits().build();
    return Asked.of(List.of(new ModeInstance("some", "1", descriptor, new Deciding(decide))));
  }

  @Override
  public Optional<AdmissionPlanner> admissionPlanner() {
    return Optional.of(this);
  }

  @Override
  public List<Rule> rules() {
    return List.of(new Rule("change", ObjectKind.POD, Set.of("CREATE"), true, true),
        new Rule("refuse", ObjectKind.POD, Set.of("CREATE", "UPDATE"), false, false).when(CONDITION));
  }

  @Override
  public AdmissionDecision decide(String rule, Request request, ObjectsView objects) {
    return decide.apply(request, objects);
  }
}
