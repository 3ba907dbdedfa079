package dev.patchbay.simulation;

import dev.patchbay.core.compose.Composition;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import java.util.List;

/**
 * Modes that a node may run with, the objects that they read, and the pods that come. The simulation knows no mode by name: whoever starts it brings them.
 *
 * @param name how the story calls it
 * @param composition the modes
 * @param objects what the API server may have for them, Nodes and Pods apart: at first the first of these lists, later one of the others
 * @param pods the kinds of pods that come
 */
public record Choice(String name, Composition composition, List<List<ObjectRecord>> objects, List<PodKind> pods) {
  /**
   * Copies the lists.
   */
  public Choice {
    objects = List.copyOf(objects);
    pods = List.copyOf(pods);
  }

  /**
   * {@return a choice of modes that read no objects}
   * @param name how the story calls it
   * @param composition the modes
   */
  public static Choice of(String name, Composition composition) {
    return new Choice(name, composition, List.of(List.of()), List.of(PodKind.PLAIN));
  }

  /**
   * {@return a choice of modes}
   * @param name how the story calls it
   * @param modes the modes
   * @throws IllegalArgumentException if they don't fit together
   */
  public static Choice of(String name, List<ModeInstance> modes) {
    return switch (Composition.of(modes)) {
      case Composition.Outcome.Fits fits -> of(name, fits.composition());
      case Composition.Outcome.Clashes clashes -> throw new IllegalArgumentException(name + ": " + clashes.problems().getFirst().cause());
    };
  }

  /**
   * {@return the same with objects that the API server has}
   * @param each one list after the other: what it may have at one time
   */
  public Choice withObjects(List<List<ObjectRecord>> each) {
    return new Choice(name, composition, each, pods);
  }

  /**
   * {@return the same with pods that come}
   * @param kinds their kinds
   */
  public Choice withPods(PodKind... kinds) {
    return new Choice(name, composition, objects, List.of(kinds));
  }

  /** What the API server has at one time. */
  List<ObjectRecord> objectsAt(int time) {
    return objects.get(time % objects.size());
  }
}
