package dev.patchbay.lab.command;

import dev.patchbay.lab.control.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "subnet", description = "Makes further subnets.", mixinStandardHelpOptions = true, subcommands = SubnetCommand.Add.class)
final class SubnetCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add");
  }

  @Command(name = "add", mixinStandardHelpOptions = true,
      description = "Makes a subnet, and the VPC's block around it where there is none; prints its id. One that is there is left as it is.")
  static final class Add extends Step {
    @Parameters(index = "0", paramLabel = "BLOCK", description = "Its addresses, such as 100.64.7.0/24.")
    private String block = "";

    @Option(names = "--zone", paramLabel = "a|b", description = "Its zone (default: ${DEFAULT-VALUE}); node-0 is in a, node-1 in b.")
    private String zone = "a";

    @Override
    int run() {
      out().println(Control.ask(lab, Control.request("subnet add").put("block", block).put("zone", zone)).path("id").asText());
      out().flush();
      return 0;
    }
  }
}
