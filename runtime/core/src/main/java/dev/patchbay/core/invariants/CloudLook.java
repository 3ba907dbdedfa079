package dev.patchbay.core.invariants;

import dev.patchbay.core.cloud.EniRecord;
import java.util.List;
import java.util.Optional;

/**
 * What EC2 has of a node.
 *
 * @param attached the interfaces that are attached to the instance
 * @param tagged the interfaces whose tag says that this node made them, wherever they are
 */
public record CloudLook(List<EniRecord> attached, List<EniRecord> tagged) {
  /**
   * Copies the lists.
   */
  public CloudLook {
    attached = List.copyOf(attached);
    tagged = List.copyOf(tagged);
  }

  /**
   * {@return an interface, attached or not}
   * @param id its id
   */
  public Optional<EniRecord> eni(String id) {
    return java.util.stream.Stream.concat(attached.stream(), tagged.stream()).filter(e -> e.id().equals(id)).findFirst();
  }
}
