package dev.patchbay.lab.command;

import dev.patchbay.lab.control.Control;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "down", mixinStandardHelpOptions = true,
    description = "Takes a lab down and removes all of it, also when its process was killed.")
final class DownCommand extends Step {
  @Option(names = "--remains", description = "Instead, removes what is left of all labs whose process was killed, whatever they were called.")
  private boolean remains;

  @Override
  int run() {
    if (remains) {
      List<String> removed = Control.removeRemains();
      out().println(removed.isEmpty() ? "Nothing is left of any lab whose process was killed." : "Removed what was left of "
          + String.join(", ", removed) + ".");
      out().flush();
    } else if (!Control.down(lab)) {
      errors().println("There is no lab '" + lab + "'" + Control.others() + ".");
      errors().flush();
    }
    return 0;
  }
}
