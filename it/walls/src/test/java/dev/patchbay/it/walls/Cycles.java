package dev.patchbay.it.walls;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Packages of a module that know each other in a circle. */
final class Cycles {
  /** Classes whose dependencies make no circle, and why not. */
  static final Map<String, String> EXEMPT = Map.of(
      "dev.patchbay.spi.NetworkMode", "a mode's entry names every planner, and vendors look for it where the names of everything are",
      "dev.patchbay.spi.view.LaneView", "a view shows where a lane came from, as its planner said it",
      "dev.patchbay.spi.view.HeldAddressView", "a view shows for what an address is held, as its planner asked for it",
      "dev.patchbay.tck.Rehearsal", "a mode that is no base plays beside a synthetic one, and that is under test like any other",
      "dev.patchbay.cli.PatchbayProgram", "the program begins with the commands that are its own",
      "dev.patchbay.launch.ModeLoader", "the scan is its helper, and what it finds is told in the words that the module shows");

  private Cycles() {}

  /** The circles of a module, each with the dependencies that make it. */
  static List<String> between(BuiltModule module, JavaClasses classes, Set<String> exempt) {
    return SlicesRuleDefinition.slices().assignedFrom(new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return module.owns(type.getPackageName()) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of " + module.name();
      }
    }).should().beFreeOfCycles().ignoreDependency(DescribedPredicate.describe("exempt", type -> exempt.contains(type.getName())),
        DescribedPredicate.alwaysTrue()).allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
  }
}
