package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.control.Control;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "record", mixinStandardHelpOptions = true,
    description = "Counts what EC2, instance metadata and the Kubernetes API were asked, and writes every call to a file.")
final class RecordCommand extends Step {
  @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "Where each call is written as a line of JSON.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--clear", description = "Forgets them then, so that the next count begins at nothing.")
  private boolean clear;

  @Option(names = "--json", description = "Prints the counts as JSON.")
  private boolean json;

  @Override
  int run() {
    ObjectNode request = Control.request("record").put("clear", clear);
    file.ifPresent(path -> request.put("file", path.toAbsolutePath().toString()));
    JsonNode answer = Control.ask(lab, request);
    if (json) {
      print(answer.path("counts"));
    } else {
      out().print(answer.path("table").asText());
      out().flush();
    }
    return 0;
  }
}
