package dev.patchbay.lab.command;

import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.demo.Demo;
import picocli.CommandLine.Command;

@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "Two nodes, pods on both, and what their packets do, in a lab that is gone afterwards.")
final class DemoCommand extends Step {
  @Override
  int run() {
    // By the process's id, so that it meets neither a lab that is up nor another demonstration.
    return new Demo(out()).run(LabSettings.discover("demo" + ProcessHandle.current().pid())) == 0 ? 0 : 1;
  }
}
