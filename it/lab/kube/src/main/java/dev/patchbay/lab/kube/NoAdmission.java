package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.operations.Admission;
import java.util.Optional;

/** Admission that lets everything pass. */
final class NoAdmission implements Admission {
  @Override
  public Optional<ObjectNode> mutate(Attributes attributes) {
    return attributes.object();
  }

  @Override
  public void validate(Attributes attributes) {}
}
