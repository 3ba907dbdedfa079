package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.control.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "eni", description = "Gives nodes further interfaces.", mixinStandardHelpOptions = true, subcommands = EniCommand.Add.class)
final class EniCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add");
  }

  @Command(name = "add", mixinStandardHelpOptions = true,
      description = "Attaches an interface to a node, at the last free index; prints its id, its device and its address.")
  static final class Add extends Step {
    @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
    private String node = "";

    @Option(names = "--subnet", required = true, paramLabel = "BLOCK",
        description = "The block of its subnet, which is made in the node's zone where there is none.")
    private String subnet = "";

    @Option(names = "--unmanaged",
        description = "Tagged so that the daemon leaves it to others, without the check of source and destination, its device up.")
    private boolean unmanaged;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    int run() {
      JsonNode made = Control.ask(lab, Control.request("eni add").put("node", node).put("subnet", subnet).put("unmanaged", unmanaged));
      if (json) {
        print(made);
      } else {
        out().printf("%s %s %s%n", made.path("id").asText(), made.path("device").asText(), made.path("address").asText());
        out().flush();
      }
      return 0;
    }
  }
}
