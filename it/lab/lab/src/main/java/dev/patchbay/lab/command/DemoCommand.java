package dev.patchbay.lab.command;

import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.demo.Demo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "Two nodes, pods on both, and what their packets do, in a lab that is gone afterwards.")
final class DemoCommand extends Step {
  @Option(names = "--modes", paramLabel = "MODE", split = ",", defaultValue = "secondary-ip,ipv6",
      description = "The modes that the nodes run (default: ${DEFAULT-VALUE}).")
  private List<String> modes = List.of();

  @Option(names = "--datapath", paramLabel = "fast|classic", defaultValue = "fast",
      description = "How the nodes render plans (default: ${DEFAULT-VALUE}).")
  private String datapath = "fast";

  @Override
  int run() {
    // By the process's id, so that it meets neither a lab that is up nor another demonstration.
    return new Demo(out()).run(LabSettings.discover("demo" + ProcessHandle.current().pid()), modes, datapath) == 0 ? 0 : 1;
  }
}
