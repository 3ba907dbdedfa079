package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.ClientEnvironment;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.control.Control;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "env", mixinStandardHelpOptions = true,
    description = "Prints what a shell must set so that AWS SDKs, the AWS CLI, kubectl and their like use the lab.",
    footer = {
        "",
        "As a node: eval \"$(patchbay lab env node-0)\". As who may do everything: eval \"$(patchbay lab env)\"."})
final class EnvCommand extends Step {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NODE",
      description = "As which node, with what its role and its service account may do; without it, as who may do everything.")
  private Optional<String> node = Optional.empty();

  @Option(names = "--inside", description = "For a process in a node's network; else for one in the machine's own.")
  private boolean inside;

  @Option(names = "--json", description = "Prints JSON: what to set and what to unset.")
  private boolean json;

  @Override
  int run() {
    ClientEnvironment environment;
    try {
      environment = ask(lab, node, inside);
    } catch (LabException failure) {
      if (!json) {
        // So that a shell that evaluates this fails, and the next command does not reach the real AWS.
        out().println("false");
        out().flush();
      }
      throw failure;
    }
    if (json) {
      ObjectNode shown = JsonNodeFactory.instance.objectNode();
      ObjectNode set = shown.putObject("set");
      environment.variablesFor(System.getenv()).forEach(set::put);
      shown.set("unset", environment.json().path("unset"));
      print(shown);
    } else {
      out().print(environment.shell(System.getenv()));
      out().flush();
    }
    return 0;
  }

  /** Asks a lab for it. */
  static ClientEnvironment ask(String lab, Optional<String> node, boolean inside) {
    ObjectNode request = Control.request("env").put("inside", inside);
    node.ifPresent(name -> request.put("node", name));
    return ClientEnvironment.of(Control.ask(lab, request));
  }
}
