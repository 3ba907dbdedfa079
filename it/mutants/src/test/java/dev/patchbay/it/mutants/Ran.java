package dev.patchbay.it.mutants;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A process of its own: runs the tests of some folders once, and says how many passed and which failed. An agent sees what they reach. */
public final class Ran {
  private Ran() {}

  /**
   * Runs.
   *
   * @param folders the folders of the tests' classes, with the path's separator between them
   */
  public static void main(String[] folders) {
    Set<Path> roots = new LinkedHashSet<>();
    Stream.of(folders[0].split(File.pathSeparator, -1)).forEach(folder -> roots.add(Path.of(folder)));
    LauncherDiscoveryRequest all = LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectClasspathRoots(roots))
        .filters(TagFilter.excludeTags(List.of("soak", "bench"))).build();
    int[] passed = new int[1];
    LauncherFactory.create().execute(all, new TestExecutionListener() {
      @Override
      public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
          System.out.println("failed " + test.getUniqueId() + " " + result.getThrowable().orElse(null));
        } else if (test.isTest()) {
          passed[0]++;
        }
      }
    });
    System.out.println("passed " + passed[0]);
    System.exit(0);
  }
}
