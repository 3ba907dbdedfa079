package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.control.Control;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "fault", description = "Lets EC2, instance metadata, the Kubernetes API or the VPC go wrong.",
    mixinStandardHelpOptions = true,
    subcommands = {FaultCommand.Add.class, FaultCommand.Show.class, FaultCommand.Clear.class})
final class FaultCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add, list or clear");
  }

  private static void print(Step step, JsonNode faults) {
    for (JsonNode each : faults) {
      step.out().printf("%3d  %s  (struck %d)%n", each.path("id").asInt(), each.path("fault").asText(), each.path("struck").asInt());
    }
    step.out().flush();
  }

  @Command(name = "add", mixinStandardHelpOptions = true,
      description = "Asks for a fault, such as: ec2:CreateNetworkInterface refuse=InsufficientFreeAddressesInSubnet calls=3",
      footer = {
          "",
          "TARGET is SERVICE[:ACTION][@CALLER], with * for any text; the services are ec2, imds, kube and vpc, a caller is a node.",
          "Effects on calls: refuse=CODE throttle delay=TIME drop cut lose[=TIME] hang[=TIME] lag=TIME empty settle=TIME|never.",
          "At once: vpc pull=ENI, detach=ENI, take=ADDRESS, fill=SUBNET[:N], fragment=SUBNET; kube away, cut-watches, forget;",
          "node reboot=NODE, clock=NODE:STEP (STEP such as -1h or +30d).",
          "How much: calls=N for=TIME after=N chance=P seed=N, all of which must hold."})
  static final class Add extends Step {
    @Parameters(paramLabel = "TARGET EFFECT [MUCH]", arity = "2..*", description = "The fault, as in docs/lab-cloud.md.")
    private List<String> fault = new ArrayList<>();

    @Override
    int run() {
      ObjectNode request = Control.request("fault add");
      ArrayNode tokens = request.putArray("fault");
      fault.forEach(tokens::add);
      JsonNode made = Control.ask(lab, request);
      out().printf("%3d  %s%n", made.path("id").asInt(), made.path("fault").asText());
      out().flush();
      return 0;
    }
  }

  @Command(name = "list", description = "Shows the faults that hold.", mixinStandardHelpOptions = true)
  static final class Show extends Step {
    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    int run() {
      JsonNode answer = Control.ask(lab, Control.request("fault list")).path("faults");
      if (json) {
        print(answer);
      } else {
        FaultCommand.print(this, answer);
      }
      return 0;
    }
  }

  @Command(name = "clear", description = "Takes faults back: those of these numbers, or all.", mixinStandardHelpOptions = true)
  static final class Clear extends Step {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "Numbers as in the list.")
    private List<Integer> ids = new ArrayList<>();

    @Override
    int run() {
      ObjectNode request = Control.request("fault clear");
      ArrayNode numbers = request.putArray("ids");
      ids.forEach(numbers::add);
      FaultCommand.print(this, Control.ask(lab, request).path("faults"));
      return 0;
    }
  }
}
