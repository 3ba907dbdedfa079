package dev.patchbay.lab.command;

import dev.patchbay.lab.control.Control;
import picocli.CommandLine.Command;

@Command(name = "down", mixinStandardHelpOptions = true,
    description = "Takes a lab down and removes all of it, also when its process was killed.")
final class DownCommand extends Step {
  @Override
  int run() {
    if (!Control.down(lab)) {
      errors().println("There is no lab '" + lab + "'.");
      errors().flush();
    }
    return 0;
  }
}
