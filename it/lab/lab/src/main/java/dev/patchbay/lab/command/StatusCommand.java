package dev.patchbay.lab.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.control.Control;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "status", description = "Shows nodes, interfaces and pods.", mixinStandardHelpOptions = true)
final class StatusCommand extends Step {
  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Override
  int run() {
    print(this, Control.ask(lab, Control.request("status")), json);
    return 0;
  }

  static void print(Step step, JsonNode status, boolean json) {
    if (json) {
      step.print(status);
      return;
    }
    PrintWriter out = step.out();
    out.println("EC2         " + status.path("ec2").asText());
    out.println("Kubernetes  " + status.path("kubernetes").asText());
    for (JsonNode node : status.path("nodes")) {
      String daemon = node.path("daemon").asBoolean() ? ", daemon does not run" : "";
      boolean runs = node.path("pid").isNumber();
      out.println();
      out.printf("%s  %s %s%s%n", node.path("name").asText(), node.path("instanceType").asText(),
          node.path("instanceId").asText(), runs ? ", daemon with pid " + node.path("pid").asLong() : daemon);
      out.println("  netns    " + node.path("netns").asText());
      if (node.path("daemon").asBoolean()) {
        out.println("  cni      " + node.path("cni").path("conf").asText());
        out.println("  metrics  " + node.path("metrics").asText());
      } else {
        out.println("  cni      " + node.path("cni").path("folder").asText());
      }
      for (JsonNode eni : node.path("enis")) {
        out.printf("  %-7s  %s %s, %s%n", eni.path("device").asText("(none)"), eni.path("id").asText(),
            eni.path("mac").asText(), texts(eni.path("addresses"), eni.path("prefixes")));
      }
      for (JsonNode pod : node.path("pods")) {
        out.printf("  pod      %s/%s %s%n", pod.path("namespace").asText(), pod.path("name").asText(),
            texts(pod.path("addresses")));
      }
    }
    out.flush();
  }

  private static String texts(JsonNode... lists) {
    List<String> all = new ArrayList<>();
    for (JsonNode list : lists) {
      list.forEach(text -> all.add(text.asText()));
    }
    return String.join(" ", all);
  }
}
