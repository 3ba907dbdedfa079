package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.control.Control;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "network", description = "Makes networks that pods may name beside their first.", mixinStandardHelpOptions = true,
    subcommands = NetworkCommand.Add.class)
final class NetworkCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add");
  }

  /** The request that makes what a file says. */
  static ObjectNode request(Path file) {
    try {
      return Control.request("network add").put("text", Files.readString(file)).put("file", file.toString());
    } catch (IOException failure) {
      throw new LabException("cannot read " + file + ": " + failure.getMessage(), failure);
    }
  }

  @Command(name = "add", mixinStandardHelpOptions = true,
      description = "Makes the NetworkAttachmentDefinitions of files, or changes those that there are.")
  static final class Add extends Step {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "YAML, of one or more documents.")
    private List<Path> files = List.of();

    @Override
    int run() {
      for (Path file : files) {
        for (JsonNode name : Control.ask(lab, request(file)).path("names")) {
          out().println(name.asText());
        }
      }
      out().flush();
      return 0;
    }
  }
}
