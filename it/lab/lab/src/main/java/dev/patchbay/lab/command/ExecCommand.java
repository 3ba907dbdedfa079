package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.control.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "exec", mixinStandardHelpOptions = true,
    description = "Runs a command in the network of a node or of a pod, and exits as it does.",
    footer = {"", "On a node the command has the environment that 'patchbay lab env NODE --inside' prints."})
final class ExecCommand extends Step {
  @Parameters(index = "0", paramLabel = "NODE[/[NAMESPACE/]POD]", description = "Where.")
  private String place = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command, after --.")
  private List<String> command = new ArrayList<>();

  @Override
  int run() throws Exception {
    JsonNode status = Control.ask(lab, Control.request("status"));
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + netns(status)));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).inheritIO();
    if (!place.contains("/")) {
      EnvCommand.ask(lab, Optional.of(place), true).applyTo(builder.environment());
    }
    return builder.start().waitFor();
  }

  private String netns(JsonNode status) {
    String[] parts = place.split("/", -1);
    for (JsonNode node : status.path("nodes")) {
      if (!node.path("name").asText().equals(parts[0])) {
        continue;
      }
      if (parts.length == 1) {
        return node.path("netns").asText();
      }
      String namespace = parts.length == 3 ? parts[1] : "default";
      for (JsonNode pod : node.path("pods")) {
        if (pod.path("name").asText().equals(parts[parts.length - 1]) && pod.path("namespace").asText().equals(namespace)) {
          return pod.path("netns").asText();
        }
      }
      throw new LabException("there is no pod " + namespace + "/" + parts[parts.length - 1] + " on " + parts[0]);
    }
    throw new LabException("there is no node " + parts[0] + " in lab '" + lab + "'");
  }
}
