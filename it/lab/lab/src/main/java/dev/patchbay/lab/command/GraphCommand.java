package dev.patchbay.lab.command;

import dev.patchbay.lab.LabException;
import dev.patchbay.lab.control.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "graph", mixinStandardHelpOptions = true,
    description = "Draws the VPC as SVG: gateways, subnets, nodes, interfaces with their addresses, pods, security groups.")
final class GraphCommand extends Step {
  @Option(names = "--out", paramLabel = "FILE", description = "Where to; else it is printed.")
  private Optional<Path> file = Optional.empty();

  @Override
  int run() {
    String picture = Control.ask(lab, Control.request("graph")).path("svg").asText();
    if (file.isEmpty()) {
      out().print(picture);
      out().flush();
      return 0;
    }
    try {
      Files.writeString(file.get(), picture);
      return 0;
    } catch (IOException failure) {
      throw new LabException("cannot write " + file.get() + ": " + failure, failure);
    }
  }
}
