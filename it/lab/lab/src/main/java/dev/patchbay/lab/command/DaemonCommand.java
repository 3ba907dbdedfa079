package dev.patchbay.lab.command;

import dev.patchbay.lab.control.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "daemon", description = "Stops, starts or kills the daemon of a node, or a replica of the controller.", mixinStandardHelpOptions = true)
final class DaemonCommand extends Step {
  enum Act {
    stop,
    start,
    kill
  }

  @Parameters(index = "0", paramLabel = "stop|start|kill",
      description = "stop: SIGTERM. start: returns when the node serves. kill: SIGKILL; the lab does not start it again by itself.")
  private Act act = Act.start;

  @Parameters(index = "1", paramLabel = "NODE", description = "The node, or the replica: cluster-0.")
  private String node = "";

  @Override
  int run() {
    Control.ask(lab, Control.request("daemon " + act.name()).put("node", node));
    return 0;
  }
}
