package dev.patchbay.node;

import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LaunchException;
import dev.patchbay.launch.Program;
import dev.patchbay.linux.socket.CniSocketException;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.linux.datapath.DatapathException;
import dev.patchbay.linux.datapath.KernelDatapath;
import dev.patchbay.node.engine.LedgerDamagedException;
import dev.patchbay.store.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program {@code node}: reads configuration, starts the node, and runs until it is told to end.
 */
public final class NodeProgram implements Program {
  private static final String HELP = """
      Usage: patchbay node [--config FILE]
      Runs the daemon of this node until it is told to end by SIGTERM. What pods have stays meanwhile, and so does
      the CNI configuration: `patchbay uninstall` takes them away.
            --config=FILE   The configuration. Unless named: what PATCHBAY_CONFIG names, or
                              /etc/patchbay/patchbay.yaml.
        -h, --help          Show this help message and exit.

      Exit codes: 0 ended as it was told, 1 it can't start, 2 wrong usage, 70 it failed and must be started again.
      """;

  private static final int REFUSED = 1;
  /** EX_SOFTWARE of sysexits(3). */
  private static final int BROKEN = 70;

  /** Started as a service; does nothing yet. */
  public NodeProgram() {}

  @Override
  public String name() {
    return "node";
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
      System.err.println("patchbay node: it takes --config FILE and nothing else, not \"" + String.join(" ", arguments) + "\".");
      System.err.println("See `patchbay node --help`.");
      return 2;
    }
    // Takes as long as reading the configuration, so both are done at once. What fails here fails there too, and is told there.
    Thread.ofPlatform().daemon().name("prepare").start(KernelDatapath::prepare);
    try {
      return runNode(ConfigurationFile.read(file, System.getenv()), context);
    } catch (ConfigurationException e) {
      e.problems().forEach(p -> System.err.println("patchbay node: " + p));
    } catch (StoreException | LedgerDamagedException | LedgerFormatException | DatapathException | CniSocketException | LaunchException e) {
      System.err.println("patchbay node: " + e.getMessage());
    }
    return 1;
  }

  private static int runNode(ConfigurationFile file, LaunchContext context) throws Exception {
    Logger log = LoggerFactory.getLogger(NodeProgram.class);
    CountDownLatch end = new CountDownLatch(1);
    int[] status = {0};
    LabelledNode node = LabelledNode.start(file, context, fault -> {
      log.error("The node failed; the process ends, and the next one goes on from the ledger.", fault);
      status[0] = BROKEN;
      end.countDown();
    }, lacking -> {
      lacking.forEach(finding -> System.err.println("patchbay node: " + finding));
      status[0] = REFUSED;
      end.countDown();
    });
    Thread stop = Thread.ofPlatform().name("stop").unstarted(() -> {
      end.countDown();
      node.close();
    });
    Runtime.getRuntime().addShutdownHook(stop);
    end.await();
    if (status[0] == BROKEN) {
      // What goes on in other threads must not write any more: the ledger is what the next process trusts.
      Runtime.getRuntime().halt(status[0]);
    }
    return status[0];
  }
}
