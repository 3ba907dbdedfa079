package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand pods on one node with prefixes: what EC2 is asked for them, and how long one more takes to plan. */
class ThousandPodsTest {
  private static final int PODS = 1_000;
  private static final int FEW = 10;
  private static final int INTERFACES = 8;
  /** How often an ADD looks at the interface from which it draws. */
  private static final int MOST_LOOKS = 8;
  private static final int PREFIXES_PER_INTERFACE = 29;
  private static final int PREFIX = 16;
  private static final int CYCLES = 1_000;
  private static final int ROUNDS = 9;

  private static World world() {
    World world = new World(World.settings(), World.type(INTERFACES, PREFIXES_PER_INTERFACE + 1),
        World.instance(SyntheticModes.prefix()));
    world.cloud.subnetFree = 100_000;
    return world.start();
  }

  private static Map<String, Integer> changes(World world) {
    Map<String, Integer> counts = new TreeMap<>();
    for (CloudCall call : world.calls) {
      if (!call.getClass().getSimpleName().startsWith("Describe")) {
        counts.merge(call.getClass().getSimpleName(), 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void podsThatComeOneByOneCostACallForSixteenOfThem() {
    World world = world();
    for (int i = 0; i < PODS; i++) {
      world.added(world.add("c" + i));
    }
    int prefixes = Math.ceilDiv(PODS, PREFIX);
    int made = Math.ceilDiv(prefixes + 1, PREFIXES_PER_INTERFACE) - 1;
    print("one by one", world, made, prefixes + 1);
    Map<String, Integer> changes = changes(world);
    assertThat(changes).containsEntry("CreateInterface", made).containsEntry("AttachInterface", made);
    // An interface comes with its first prefix.
    assertThat(changes.get("AssignAddresses")).isEqualTo(prefixes + 1 - made);
  }

  @Test
  void podsThatComeTogetherCostACallForEachInterface() {
    World world = world();
    world.hold = effect -> effect instanceof Effect.Call c && !c.call().getClass().getSimpleName().startsWith("Describe");
    long last = 0;
    for (int i = 0; i < PODS; i++) {
      last = world.add("c" + i);
    }
    world.release();
    world.added(last);
    int made = Math.ceilDiv(Math.ceilDiv(PODS, PREFIX) + 1, PREFIXES_PER_INTERFACE) - 1;
    print("together", world, made, made + 1);
    Map<String, Integer> changes = changes(world);
    assertThat(changes).containsEntry("CreateInterface", made).containsEntry("AttachInterface", made);
    // The first prefix was asked for before there was a pod, one when the first had come, and the last so that one is free again.
    assertThat(changes.get("AssignAddresses")).isLessThanOrEqualTo(made + 3);
  }

  @Test
  void onePodMoreLooksAtTheUnitsOfOneInterfaceHoweverManyPodsThereAre() {
    World world = world();
    long most = 0;
    for (int i = 0; i < PODS; i++) {
      long before = world.visited();
      int calls = world.calls.size();
      world.added(world.add("c" + i));
      // Where something is fetched for the stock, more is looked at.
      most = world.calls.size() > calls ? most : Math.max(most, world.visited() - before);
    }
    assertThat(most).isPositive().isLessThanOrEqualTo(MOST_LOOKS * (PREFIXES_PER_INTERFACE + 1L));
  }

  private static void print(String how, World world, int made, int batches) {
    System.out.printf(Locale.ROOT, "  [1,000 pods] %s: EC2 %s; the floor is %d interfaces made and %d batches of prefixes%n", how,
        changes(world), made, batches);
  }

  @Test
  @Tag("bench")
  void onePodMoreTakesAsLongToPlanAmongAThousandAsAmongTen() {
    World few = world();
    World many = world();
    for (int i = 0; i < PODS; i++) {
      if (i < FEW) {
        few.added(few.add("c" + i));
      }
      many.added(many.add("c" + i));
    }
    double[] ratios = new double[ROUNDS];
    Cycle amongFew = cycles(few, "w");
    Cycle amongMany = cycles(many, "w");
    for (int round = 0; round < ROUNDS; round++) {
      amongFew = cycles(few, "r" + round + "-");
      amongMany = cycles(many, "r" + round + "-");
      ratios[round] = amongMany.planned() / amongFew.planned();
    }
    Arrays.sort(ratios);
    double ratio = ratios[ROUNDS / 2];
    System.out.printf(Locale.ROOT, "  [1,000 pods] an attachment is planned in %.1f us among %d pods and in %.1f us among %d: x %.2f;"
        + " the whole ADD takes the brain %.1f and %.1f us%n", amongFew.planned(), FEW, amongMany.planned(), PODS, ratio,
        amongFew.answered(), amongMany.answered());
    assertThat(ratio).isLessThan(1.2);
  }

  /** Lower quartiles in microseconds: a busy machine lengthens the others. */
  private record Cycle(double planned, double answered) {}

  /** One pod more comes and goes, again and again: how long the planners take for it, and all until it is answered. */
  private static Cycle cycles(World world, String name) {
    long[] planned = new long[CYCLES];
    long[] answered = new long[CYCLES];
    for (int i = 0; i < CYCLES; i++) {
      String container = name + i;
      long before = world.planning;
      long begun = System.nanoTime();
      world.added(world.add(container));
      answered[i] = System.nanoTime() - begun;
      planned[i] = world.planning - before;
      world.del(container);
    }
    world.pass(31_000);
    return new Cycle(quartile(planned), quartile(answered));
  }

  private static double quartile(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 4] / 1e3;
  }
}
