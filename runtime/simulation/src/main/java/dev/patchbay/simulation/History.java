package dev.patchbay.simulation;

import dev.patchbay.simulation.model.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * One history: so many steps from one seed, then calm. The same history is always told the same.
 *
 * @param seed the seed
 * @param steps how many steps
 * @param left which steps are taken; the others are left out
 * @param choices the modes that nodes run with, the first as likely as the others
 * @param faults the faults that may happen
 * @param sabotage what is broken on purpose
 */
public record History(long seed, int steps, IntPredicate left, List<Choice> choices, Set<Fault> faults, Sabotage sabotage) {
  /** How many steps a history has. */
  public static final int STEPS = 200;

  /**
   * Copies the collections.
   */
  public History {
    choices = List.copyOf(choices);
    faults = faults.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(faults);
  }

  /**
   * {@return a whole history with all faults}
   * @param seed the seed
   * @param choices the modes
   */
  public static History of(long seed, List<Choice> choices) {
    return new History(seed, STEPS, step -> true, choices, EnumSet.allOf(Fault.class), Sabotage.NONE);
  }

  /**
   * {@return the same with something broken on purpose}
   * @param what what
   */
  public History with(Sabotage what) {
    return new History(seed, steps, left, choices, faults, what);
  }

  /**
   * {@return the same with other faults}
   * @param some the faults that may happen
   */
  public History with(Set<Fault> some) {
    return new History(seed, steps, left, choices, some, sabotage);
  }

  /**
   * {@return the same with other steps}
   * @param number how many
   * @param which those of them that are taken
   */
  public History with(int number, IntPredicate which) {
    return new History(seed, number, which, choices, faults, sabotage);
  }

  /**
   * Lets it happen.
   *
   * @param told whether the story is wanted as text
   * @return what came of it
   */
  public Outcome run(boolean told) {
    Profile profile = Profile.of(seed, choices.size(), faults);
    Story story = new Story(told);
    World world = new World(profile, choices, sabotage, story);
    Steps each = new Steps(world);
    int taken = 0;
    Optional<Violation> violation = Optional.empty();
    try {
      world.nodes.forEach(Node::start);
      world.settle(2_000);
      for (int step = 0; step < steps; step++) {
        taken = step + 1;
        if (left.test(step)) {
          int number = step;
          story.say(world.now, () -> "step " + number);
          each.take(step);
          story.state(States.of(world));
        }
      }
      new Calm(world).run();
    } catch (BrokenException e) {
      violation = Optional.of(e.violation());
      story.say(world.now, () -> "VIOLATED " + e.violation());
    }
    return new Outcome(profile, story.digest(), taken, story.events(), story.faults(), story.states(), violation, story.lines());
  }
}
