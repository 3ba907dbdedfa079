package dev.patchbay.it.e2e.modes;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One thing that is tried with every combination of modes.
 *
 * @param name what is tried
 * @param apart why it can't be tried with some modes; empty if it can
 * @param tried tries it; throws if it is not as it must be
 */
record Cell(String name, Function<Stage, Optional<String>> apart, Consumer<Stage> tried) {
  /** Tried with all modes. */
  static Cell of(String name, Consumer<Stage> tried) {
    return new Cell(name, stage -> Optional.empty(), tried);
  }

  /** Tried for each family, with modes that give pods addresses of it. */
  static List<Cell> ofFamilies(String name, BiConsumer<Stage, Family> tried) {
    return List.of(Family.values()).stream().map(family -> new Cell(family.word() + " " + name,
        stage -> stage.combination().families().contains(family) ? Optional.empty()
            : Optional.of("a pod has no " + family.word() + " address of the VPC"),
        stage -> tried.accept(stage, family))).toList();
  }

  /** Likewise, with instances that carry pods on more than one interface. */
  static List<Cell> ofInterfaces(String name, BiConsumer<Stage, Family> tried) {
    return ofFamilies(name, tried).stream().map(cell -> new Cell(cell.name,
        stage -> cell.apart.apply(stage).or(() -> stage.elsewhere().isPresent() ? Optional.empty()
            : Optional.of("all pods lie on one interface")), cell.tried)).toList();
  }

  Matrix.Outcome tryOn(Stage stage) {
    try {
      Optional<String> reason = apart.apply(stage);
      if (reason.isPresent()) {
        return new Matrix.Outcome.Apart(reason.get());
      }
      tried.accept(stage);
      return new Matrix.Outcome.Holds();
    } catch (RuntimeException | AssertionError failure) {
      return new Matrix.Outcome.Fails(String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " "));
    }
  }
}
