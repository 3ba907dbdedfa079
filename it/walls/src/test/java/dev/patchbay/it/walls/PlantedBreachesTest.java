package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every wall has been seen to fall: a class is planted on the wrong side of each. */
class PlantedBreachesTest {
  /**
   * What is planted for a wall.
   *
   * @param wall its name
   * @param seen a part of each breach that is to be found, as many as there are breaches
   * @param sources one type each, T in its text
   */
  private record Breach(String wall, List<String> seen, String... sources) {}

  private static final List<Breach> BREACHES = List.of(
      new Breach("a mode knows the JDK, the SPI and itself",
          List.of("dev.patchbay.core.brain.Brain", "dev.patchbay.mode.secondaryip.SecondaryIpProvider", "org.assertj.core.api.Assertions"),
          """
          package dev.patchbay.mode.prefix.planted;
          class T {
            static final Object RUNTIME = dev.patchbay.core.brain.Brain.class;
            static final Object OTHER = dev.patchbay.mode.secondaryip.SecondaryIpProvider.class;
            static final Object LIBRARY = org.assertj.core.api.Assertions.class;
            static final Object FINE = java.util.List.of(dev.patchbay.spi.Fields.empty(), new T());
          }"""),
      new Breach("the runtime and the API know no mode", List.of("dev.patchbay.mode.secondaryip.SecondaryIpProvider"),
          "package dev.patchbay.core.planted; class T { Object o = dev.patchbay.mode.secondaryip.SecondaryIpProvider.class; }"),
      new Breach("nothing outside it/ knows the lab or the tests on it", List.of("dev.patchbay.lab.fabric.Fabric"),
          "package dev.patchbay.cli.planted; class T { Object o = dev.patchbay.lab.fabric.Fabric.class; }"),
      new Breach("netlink, store and wire know the JDK alone", List.of("dev.patchbay.spi.Fields", "dev.patchbay.spi.Fields"),
          "package dev.patchbay.netlink.planted; class T { dev.patchbay.spi.Fields o = dev.patchbay.spi.Fields.empty(); }"),
      new Breach("the API and core know no library", List.of("org.assertj.core.api.Assertions", "dev.patchbay.core.brain.Brain"),
          "package dev.patchbay.core.planted; class T { Object o = org.assertj.core.api.Assertions.class; }",
          "package dev.patchbay.spi.planted; class T { Object o = dev.patchbay.core.brain.Brain.class; }"),
      new Breach("core does no I/O", List.of("java.nio.file.Files", "java.net.Socket", "java.lang.ProcessBuilder"),
          """
          package dev.patchbay.core.planted;
          class T {
            Object a(java.nio.file.Path fine) { return java.nio.file.Files.exists(fine); }
            Object b = java.net.Socket.class, c = ProcessBuilder.class, fine = java.net.URI.create("http://fine");
          }"""),
      new Breach("core has no clock", List.of("java.time.Clock.systemUTC()", "java.util.Timer"),
          "package dev.patchbay.core.planted; class T { Object a = java.time.Clock.systemUTC(), b = java.util.Timer.class; }"),
      new Breach("core has no threads", List.of("java.lang.Thread", "java.util.concurrent.CompletableFuture"),
          "package dev.patchbay.core.planted; class T { Object a = Thread.class, b = java.util.concurrent.CompletableFuture.class; }"),
      new Breach("core has no randomness", List.of("java.util.Random", "java.security.SecureRandom"),
          "package dev.patchbay.core.planted; class T { Object a = java.util.Random.class, b = java.security.SecureRandom.class; }"),
      new Breach("core asks the machine nothing by the way",
          List.of("java.lang.System.nanoTime()", "java.time.Instant.now()", "java.util.SplittableRandom.<init>()",
              "java.util.UUID.randomUUID()", "java.util.Collection.parallelStream()"),
          """
          package dev.patchbay.core.planted;
          class T {
            long a = System.nanoTime();
            java.util.function.Supplier<Object> b = java.time.Instant::now;
            Object c = new java.util.SplittableRandom(), fine = new java.util.SplittableRandom(7);
            Object d = java.util.UUID.randomUUID();
            Object e(java.util.Collection<String> all) { return all.parallelStream(); }
          }"""),
      new Breach("a library of the runtime stays behind its module", List.of("org.slf4j.Logger"),
          "package dev.patchbay.linux.planted; class T { Object o = org.slf4j.Logger.class; }",
          "package dev.patchbay.node.planted; class T { Object fine = org.slf4j.Logger.class; }"),
      new Breach("native access is for netlink and linux", List.of("java.lang.foreign.Arena", "java.lang.foreign.Arena"),
          "package dev.patchbay.store.planted; class T { Object o = java.lang.foreign.Arena.class; }",
          "package dev.patchbay.lab.planted; class T { Object o = java.lang.foreign.Arena.class; }",
          "package dev.patchbay.netlink.planted; class T { Object fine = java.lang.foreign.Arena.class; }"),
      new Breach("nothing loads a native library", List.of("java.lang.System.loadLibrary(java.lang.String)"),
          "package dev.patchbay.netlink.planted; class T { T() { System.loadLibrary(\"c\"); } }"),
      new Breach("standard streams are the command's", List.of("java.lang.System.out", "java.lang.Throwable.printStackTrace()"),
          "package dev.patchbay.node.planted; class T { T(Throwable t) { System.out.println(); t.printStackTrace(); } }",
          "package dev.patchbay.cli.planted; class T { T() { System.out.println(\"fine\"); } }"),
      new Breach("nobody throws what says nothing", List.of("java.lang.RuntimeException.<init>(java.lang.String)"),
          "package dev.patchbay.store.planted; class T { T() { throw new RuntimeException(\"no\"); } }",
          "package dev.patchbay.store.planted; class T extends RuntimeException { T() { super(\"fine\"); } }"),
      new Breach("nobody logs by java.util.logging", List.of("java.util.logging.Logger"),
          "package dev.patchbay.wire.planted; class T { Object o = java.util.logging.Logger.class; }",
          "package dev.patchbay.wire.planted; class T { Object fine = System.Logger.class; }"),
      new Breach("null is nothing: every package is @NullMarked", List.of("dev.patchbay.tck.planted.Planted0 has no @NullMarked"),
          "package dev.patchbay.tck.planted; class T { }"),
      new Breach("what the SPI shows says how stable it is",
          List.of("dev.patchbay.spi.planted.Planted0 has no @API", "dev.patchbay.spi.planted.Planted1$Shown has no @API"),
          "package dev.patchbay.spi.planted; public class T { static class Hidden {} }",
          """
          package dev.patchbay.spi.planted;
          @org.apiguardian.api.API(status = org.apiguardian.api.API.Status.STABLE)
          public class T { public interface Shown {} }""",
          "package dev.patchbay.spi.planted; class T { public interface Hidden {} }"),
      new Breach("what can be implemented says by whom",
          List.of("dev.patchbay.spi.planted.Planted0 has no exactly one", "dev.patchbay.spi.planted.Planted1 has no exactly one"),
          "package dev.patchbay.spi.planted; public interface T {}",
          "package dev.patchbay.spi.planted; @dev.patchbay.spi.ImplementedByMode @dev.patchbay.spi.ImplementedByRuntime public interface T {}",
          "package dev.patchbay.spi.planted; @dev.patchbay.spi.ImplementedByMode public interface T {}",
          "package dev.patchbay.spi.planted; public sealed interface T { record Fine() implements T {} }"));

  @TempDir Path scratch;

  static List<Wall> walls() {
    return new Walls(Checkout.here()).all();
  }

  @ParameterizedTest
  @MethodSource("walls")
  void isSeen(Wall wall) {
    List<Breach> breaches = BREACHES.stream().filter(b -> b.wall().equals(wall.name())).toList();
    assertThat(breaches).as("breaches planted for the rule: %s", wall).hasSize(1);
    Breach breach = breaches.getFirst();
    List<String> found = wall.breaches(new Planted(scratch, List.of(breach.sources())).classes());
    assertThat(found).as("found for %s", wall).hasSameSizeAs(breach.seen());
    for (String part : breach.seen()) {
      assertThat(found).as("found for %s", wall).anyMatch(text -> text.contains(part));
    }
  }

  @Test
  void anExemptionThatNothingNeedsIsSeen() {
    Planted planted = new Planted(scratch, List.of(
        "package dev.patchbay.store.planted; class T { T() { System.out.println(); } class Inner { Inner() { System.err.println(); } } }",
        "package dev.patchbay.store.planted; class T { }"));
    Wall wall = walls().stream().filter(w -> w.name().startsWith("standard streams")).findFirst().orElseThrow();
    Wall one = new Wall(wall.name(), wall.of(), 0, wall.must(), Map.of("dev.patchbay.store.planted.Planted0", "reason"));
    assertThat(wall.breaches(planted.classes())).hasSize(2);
    assertThat(one.breaches(planted.classes())).isEmpty();
    assertThat(one.stale(planted.classes())).isEmpty();
    assertThat(one.exempt("dev.patchbay.store.planted.Planted1", "none").exempt("dev.patchbay.store.Gone", "none").stale(planted.classes()))
        .containsExactly("dev.patchbay.store.planted.Planted1", "dev.patchbay.store.Gone");
  }

  @Test
  void aCircleIsSeen() {
    Planted planted = new Planted(scratch, List.of(
        "package dev.patchbay.store.one; public class T { Object o = dev.patchbay.store.two.Planted1.class; }",
        "package dev.patchbay.store.two; public class T { Object o = dev.patchbay.store.one.Planted0.class; }"));
    BuiltModule store = Checkout.here().modules().stream().filter(m -> m.folder().equals("runtime/store")).findFirst().orElseThrow();
    assertThat(Cycles.between(store, planted.classes(), Set.of())).singleElement().asString()
        .contains("Slice dev.patchbay.store.one", "Slice dev.patchbay.store.two");
    assertThat(Cycles.between(store, planted.classes(), Set.of("dev.patchbay.store.two.Planted1"))).isEmpty();
  }
}
