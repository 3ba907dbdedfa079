package dev.patchbay.it.walls;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests wait for what happens. One that waits for a time fails on a busy machine, or takes that time on an idle one. */
class TestCodeTest {
  private static final Set<String> SLEEPS = Set.of(
      "java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep", "java.util.concurrent.locks.LockSupport.parkNanos");
  private static final Map<String, String> EXEMPT = Map.of(
      "dev.patchbay.it.e2e.survival.Moment$After", "a crash comes at any time: whatever happens then is what is tried",
      "dev.patchbay.it.e2e.Until", "it looks again and again until something has happened",
      "dev.patchbay.it.guest.Until", "the same, in an emulated kernel",
      "dev.patchbay.cli.daemon.DaemonTest", "the other side of a connection sends a byte now and then, which is what is tried");

  @TempDir Path scratch;

  private static Wall wall(JavaClasses classes, int atLeast) {
    Wall wall = Wall.of("tests wait for what happens, not for a time", type -> true, atLeast, Conditions.accessNo(
        "sleep", access -> SLEEPS.contains(access.getTargetOwner().getName() + "." + access.getName())));
    for (Map.Entry<String, String> exempt : EXEMPT.entrySet()) {
      // Not every module need have been built.
      if (classes.contain(exempt.getKey())) {
        wall = wall.exempt(exempt.getKey(), exempt.getValue());
      }
    }
    return wall;
  }

  @Test
  void testsWaitForWhatHappens() {
    JavaClasses classes = Checkout.testClasses();
    Wall wall = wall(classes, 300);
    assertThat(wall.breaches(classes)).isEmpty();
    assertThat(wall.seen(classes)).isGreaterThanOrEqualTo(wall.atLeast());
    assertThat(wall.stale(classes)).isEmpty();
    assertThat(Files.exists(Checkout.ROOT.resolve("it/e2e/src/test/java/dev/patchbay/it/e2e/Until.java"))).isTrue();
  }

  @Test
  void aTestThatSleepsIsSeen() {
    JavaClasses planted = new Planted(scratch, List.of(
        "package dev.patchbay.store.planted; class T { void a() throws Exception { Thread.sleep(100); } }",
        "package dev.patchbay.store.planted; class T { void a() throws Exception { java.util.concurrent.TimeUnit.SECONDS.sleep(1); } }",
        "package dev.patchbay.store.planted; class T { void fine() { Thread.onSpinWait(); } }")).classes();
    assertThat(wall(planted, 0).breaches(planted)).hasSize(2);
  }
}
