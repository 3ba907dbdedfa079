package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.User;
import java.util.Optional;

/** Asked before anything is written. */
public interface Admission {
  /** What is about to be written. */
  enum Operation {
    /** An object is made. */
    CREATE,
    /** An object or its subresource is changed. */
    UPDATE,
    /** An object is deleted. */
    DELETE
  }

  /**
   * One write.
   *
   * @param target what is written
   * @param operation how
   * @param object the object as it would be; empty for a deletion
   * @param before the object as it is; empty for a creation
   * @param user who writes
   * @param dryRun whether it will not really be written
   */
  record Attributes(
      Target target,
      Operation operation,
      Optional<ObjectNode> object,
      Optional<ObjectNode> before,
      User user,
      boolean dryRun) {}

  /**
   * Lets mutating admission change the object.
   *
   * @return the object to go on with; empty for a deletion
   * @throws dev.patchbay.lab.kube.model.StatusException if it is refused
   */
  Optional<ObjectNode> mutate(Attributes attributes);

  /**
   * Asks validating admission.
   *
   * @throws dev.patchbay.lab.kube.model.StatusException if it is refused
   */
  void validate(Attributes attributes);
}
