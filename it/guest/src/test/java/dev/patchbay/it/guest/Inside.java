package dev.patchbay.it.guest;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program that runs in the guest: all tests for the inside, and a line for each in the folder of results. */
final class Inside implements TestExecutionListener {
  static final String FILE = "outcomes";
  private static final Path RESULTS = Path.of("/run/guest/results");

  /**
   * How a test ended.
   *
   * @param name the test's name
   * @param failure why it failed; empty if it did not
   */
  record Outcome(String name, String failure) {}

  private final List<Outcome> outcomes = new ArrayList<>();

  private Inside() {}

  /** Runs them. */
  public static void main(String[] arguments) throws IOException {
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectPackage(Inside.class.getPackageName()))
        .filters(ClassNameFilter.includeClassNamePatterns(".*\\." + System.getProperty("inside", "\\w+Inside")))
        .configurationParameter(ClassOrderer.DEFAULT_ORDER_PROPERTY_NAME, ClassOrderer.OrderAnnotation.class.getName())
        .build();
    Inside inside = new Inside();
    LauncherFactory.create().execute(request, inside);
    List<String> lines = inside.outcomes.stream().map(o -> encoded(o.name()) + " " + encoded(o.failure())).toList();
    Files.write(RESULTS.resolve(FILE), lines);
    // Threads of libraries that still run are no reason to stay.
    System.exit(0);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
    if (test.isTest() || failed) {
      String name = test.getLegacyReportingName();
      System.out.println(LocalTime.now() + (failed ? " failed: " : " passed: ") + name);
      if (failed) {
        System.out.println(result.getThrowable().map(Inside::trace).orElse("no reason given"));
      }
      outcomes.add(new Outcome(name, failed ? result.getThrowable().map(Inside::trace).orElse("no reason given") : ""));
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    System.out.println(LocalTime.now() + " begins: " + test.getDisplayName());
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static String encoded(String text) {
    return "=" + Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static List<Outcome> read(Path file) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int space = line.indexOf(' ');
      outcomes.add(new Outcome(decoded(line.substring(1, space)), decoded(line.substring(space + 2))));
    }
    return outcomes;
  }

  private static String decoded(String text) {
    return new String(Base64.getDecoder().decode(text), java.nio.charset.StandardCharsets.UTF_8);
  }
}
