package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.control.Control;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "pod", description = "Makes and ends pods.", mixinStandardHelpOptions = true,
    subcommands = {PodCommand.Add.class, PodCommand.Delete.class})
final class PodCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: add or del");
  }

  abstract static class OfPod extends Step {
    @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
    String node = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The pod's name.")
    String name = "";

    @Option(names = {"-n", "--namespace"}, paramLabel = "NS",
        description = "The pod's Kubernetes namespace (default: ${DEFAULT-VALUE}).")
    String namespace = "default";

    ObjectNode request(String command) {
      return Control.request(command).put("node", node).put("name", name).put("namespace", namespace);
    }
  }

  @Command(name = "add", mixinStandardHelpOptions = true,
      description = "Makes a pod's object and network namespace, calls the executable, prints its result.")
  static final class Add extends OfPod {
    @Option(names = "--annotation", paramLabel = "K=V", description = "An annotation of the pod; several may be given.")
    private Map<String, String> annotations = new LinkedHashMap<>();

    @Option(names = "--networks", paramLabel = "NETWORKS",
        description = "The networks that it gets beside its first, as its annotation k8s.v1.cni.cncf.io/networks.")
    private Optional<String> networks = Optional.empty();

    @Option(names = "--port", paramLabel = "HOST:POD", description = "Publishes a TCP port of the pod on the node.")
    private List<String> ports = new ArrayList<>();

    @Option(names = "--service-account", paramLabel = "NAME", description = "The service account whose token it gets (default: default).")
    private String serviceAccount = "default";

    @Option(names = "--json", description = "Prints the result as JSON.")
    private boolean json;

    @Override
    int run() {
      ObjectNode request = request("pod add");
      request.put("serviceAccount", serviceAccount);
      ObjectNode all = request.putObject("annotations");
      annotations.forEach(all::put);
      networks.ifPresent(asked -> all.put("k8s.v1.cni.cncf.io/networks", asked));
      ArrayNode published = request.putArray("ports");
      for (String port : ports) {
        if (!port.matches("\\d{1,5}:\\d{1,5}")) {
          throw new LabException("--port " + port + ": write it as HOST:POD, for example 8080:80");
        }
        int colon = port.indexOf(':');
        published.addObject()
            .put("host", Integer.parseInt(port.substring(0, colon)))
            .put("container", Integer.parseInt(port.substring(colon + 1)));
      }
      JsonNode answer = Control.ask(lab, request);
      if (json) {
        print(answer.path("result"));
      } else {
        List<String> addresses = new ArrayList<>();
        answer.path("result").path("ips").forEach(ip -> addresses.add(ip.path("address").asText()));
        out().printf("%s/%s on %s: %s, in %.1f ms%n", namespace, name, node, String.join(" ", addresses), answer.path("millis").asDouble());
        out().flush();
      }
      return 0;
    }
  }

  @Command(name = "del", description = "Ends a pod.", mixinStandardHelpOptions = true)
  static final class Delete extends OfPod {
    @Override
    int run() {
      Control.ask(lab, request("pod del"));
      return 0;
    }
  }
}
