package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.Place;
import dev.patchbay.lab.control.Control;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "exec", mixinStandardHelpOptions = true,
    description = "Runs a command in the network of a node or of a pod, and exits as it does.",
    footer = {"", "On a node the command has the environment that 'patchbay lab env NODE --inside' prints. In a pod it",
        "finds the token of the pod's service account and a hosts file, as in a container."})
final class ExecCommand extends Step {
  @Parameters(index = "0", paramLabel = "NODE[/[NAMESPACE/]POD]", description = "Where.")
  private String place = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command, after --.")
  private List<String> command = new ArrayList<>();

  @Override
  int run() throws Exception {
    String[] parts = place.split("/", -1);
    if (parts.length > 3) {
      throw new LabException("'" + place + "' is no place of a lab; write NODE, NODE/POD or NODE/NAMESPACE/POD");
    }
    ObjectNode request = Control.request("place").put("node", parts[0]);
    if (parts.length > 1) {
      request.put("namespace", parts.length == 3 ? parts[1] : "default").put("name", parts[parts.length - 1]);
    }
    return Place.of(Control.ask(lab, request)).command(command).inheritIO().start().waitFor();
  }
}
