package dev.patchbay.simulation;

import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import java.util.List;

/**
 * Modes that a node may run with, and the objects that they read. The simulation knows no mode by name: whoever starts it brings them.
 *
 * @param name how the story calls it
 * @param composition the modes
 * @param objects the objects that the API server has for them, Nodes and Pods apart
 */
public record Choice(String name, Composition composition, List<ObjectRecord> objects) {
  /**
   * Copies the list.
   */
  public Choice {
    objects = List.copyOf(objects);
  }

  /**
   * {@return a choice of modes}
   * @param name how the story calls it
   * @param modes the modes
   * @throws IllegalArgumentException if they don't fit together
   */
  public static Choice of(String name, List<ModeInstance> modes) {
    return switch (Composition.of(modes)) {
      case Composition.Outcome.Fits fits -> new Choice(name, fits.composition(), List.of());
      case Composition.Outcome.Clashes clashes -> throw new IllegalArgumentException(name + ": " + clashes.problems().getFirst().cause());
    };
  }

  /**
   * {@return the same with objects that the API server has}
   * @param more the objects
   */
  public Choice with(List<ObjectRecord> more) {
    return new Choice(name, composition, more);
  }
}
