package dev.patchbay.controller;

import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationCodes;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LaunchException;
import dev.patchbay.launch.Program;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.node.ChosenModes;
import dev.patchbay.node.Logs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code cluster}: one replica of the controller, until it is told to end.
 */
public final class ClusterProgram implements Program {
  private static final String HELP = """
      Usage: patchbay cluster [--config FILE]
      Runs a replica of the cluster's controller until it is told to end by SIGTERM. Of several replicas one
      acts, by a Lease: it deletes the interfaces that dead nodes have left in EC2, and does what the modes
      chosen plan for the cluster. Nodes serve pods whether it runs or not.
            --config=FILE   The configuration, the same as the nodes'; cluster.name must be in it. Unless
                              named: what PATCHBAY_CONFIG names, or /etc/patchbay/patchbay.yaml.
        -h, --help          Show this help message and exit.

      Exit codes: 0 ended as it was told, 1 it can't start, 2 wrong usage, 70 it failed and must be started again.
      """;

  private static final int REFUSED = 1;
  /** EX_SOFTWARE of sysexits(3). */
  private static final int BROKEN = 70;

  /** Started as a service; does nothing yet. */
  public ClusterProgram() {}

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public int run(LaunchContext context) throws Exception {
    List<String> arguments = context.arguments();
    if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
      System.out.print(HELP);
      return 0;
    }
    Path file;
    if (arguments.isEmpty()) {
      file = ConfigurationFile.usual(System.getenv());
    } else if (arguments.size() == 2 && arguments.getFirst().equals("--config")) {
      file = Path.of(arguments.get(1)).toAbsolutePath();
    } else if (arguments.size() == 1 && arguments.getFirst().startsWith("--config=")) {
      file = Path.of(arguments.getFirst().substring("--config=".length())).toAbsolutePath();
    } else {
      System.err.println("patchbay cluster: it takes --config FILE and nothing else, not \"" + String.join(" ", arguments) + "\".");
      System.err.println("See `patchbay cluster --help`.");
      return 2;
    }
    try {
      return run(ConfigurationFile.read(file, System.getenv()).forNode(Map.of()), context);
    } catch (ConfigurationException e) {
      e.problems().forEach(p -> System.err.println("patchbay cluster: " + p));
    } catch (LaunchException e) {
      System.err.println("patchbay cluster: " + e.getMessage());
    }
    return REFUSED;
  }

  private static int run(Configuration configuration, LaunchContext context) throws InterruptedException {
    Logs.configure(configuration);
    if (configuration.clusterName().isEmpty()) {
      throw new ConfigurationException(List.of(configuration.problem("cluster.name", ConfigurationCodes.MISSING_KEY,
          "the controller needs cluster.name: by it, it knows which interfaces are this cluster's.",
          "Write the name that the nodes have, too.")));
    }
    ChosenModes modes = ChosenModes.of(configuration, context);
    ProgramLayer layer;
    try {
      layer = context.layer("cloud").join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LaunchException launch ? launch : e;
    }
    Logger log = LoggerFactory.getLogger(ClusterProgram.class);
    CountDownLatch end = new CountDownLatch(1);
    int[] status = {0};
    ClusterProcess process = ClusterProcess.start(configuration, modes, layer, fault -> {
      log.error("The controller failed; the process ends, and the next one begins with what EC2 and the API server say.", fault);
      status[0] = BROKEN;
      end.countDown();
    });
    Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> {
      process.close();
      end.countDown();
    });
    Runtime.getRuntime().addShutdownHook(stop);
    end.await();
    if (status[0] == BROKEN) {
      // What goes on in other threads must not act any more: another replica takes over.
      Runtime.getRuntime().halt(status[0]);
    }
    return status[0];
  }
}
