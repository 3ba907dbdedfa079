package dev.patchbay.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.lab.ec2.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon of a node, or a replica of the controller, may do in the lab, and no more. For ours it is what {@code patchbay permissions} prints for the modes in
 * force, so a call or an object that nobody declared is refused.
 *
 * @param policy the policy of a node's role
 * @param rules the rules of the cluster role of the daemon's service account
 * @param objects all objects that give it its rights, as they are printed; none for a daemon that is not ours
 */
record Permissions(Policy policy, JsonNode rules, JsonNode objects) {
  private static final ObjectMapper JSON = new ObjectMapper();
  /** Names a file with what was printed for the modes of all labs of this process, where asking would take long. */
  private static final String PRINTED = "patchbay.lab.permissions";
  private static final long LONGEST_SECONDS = 60;

  /** What was printed for an installation and modes; labs of one process mostly ask for the same. */
  private static final Map<String, JsonNode> KNOWN = new ConcurrentHashMap<>();

  /**
   * For nodes without our daemon: what AWS's own policy for a CNI daemon of IPv4 allows (AmazonEKS_CNI_Policy), and to read what a
   * daemon commonly reads.
   */
  static Permissions ofAnybody() {
    return new Permissions(
        Policy.allowing(
            Set.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:AttachNetworkInterface",
                "ec2:CreateNetworkInterface",
                "ec2:CreateTags",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeTags",
                "ec2:DetachNetworkInterface",
                "ec2:ModifyNetworkInterfaceAttribute",
                "ec2:UnassignPrivateIpAddresses")),
        parsed(
            """
            [
              {"apiGroups": [""], "resources": ["nodes", "pods", "namespaces"], "verbs": ["get", "list", "watch"]},
              {"apiGroups": [""], "resources": ["nodes/status", "pods/status"], "verbs": ["patch"]},
              {"apiGroups": ["", "events.k8s.io"], "resources": ["events"], "verbs": ["create", "patch"]}
            ]
            """),
        parsed("[]"));
  }

  /**
   * For our daemon or controller, from its own words.
   *
   * @param side {@code node} or {@code cluster}
   * @param folder where the question may be written
   */
  static Permissions generated(LabSettings settings, String side, Path folder) {
    Map<String, Object> modes = Modes.alone(settings);
    return of(KNOWN.computeIfAbsent(settings.home() + " " + modes, key -> ask(settings, modes, folder.resolve("permissions.yaml")))
        .path(side));
  }

  private static JsonNode ask(LabSettings settings, Map<String, Object> modes, Path question) {
    List<String> command = Installations.command(settings, "permissions", "--json", "--config", question.toString());
    @Nullable String printed = System.getProperty(PRINTED);
    try {
      if (printed != null) {
        return parsed(Files.readString(Path.of(printed)));
      }
      Files.writeString(question, Configurations.text(modes));
      Path answer = question.resolveSibling("permissions.json");
      Path complaints = question.resolveSibling("permissions.log");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectOutput(answer.toFile());
      builder.redirectError(complaints.toFile());
      Process process = builder.start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new LabException(String.join(" ", command) + " gives no answer");
      }
      if (process.exitValue() != 0) {
        throw new LabException("patchbay can't say what it must be allowed: " + Files.readString(complaints).strip());
      }
      return parsed(Files.readString(answer));
    } catch (IOException failure) {
      throw new LabException("cannot run " + String.join(" ", command) + ": " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while waiting for " + String.join(" ", command), interrupted);
    }
  }

  private static Permissions of(JsonNode node) {
    Policy policy;
    try {
      policy = Policy.parse(node.path("iam").toString());
    } catch (IllegalArgumentException wrong) {
      throw new LabException("patchbay permissions prints a policy that the lab can't hold: " + wrong.getMessage(), wrong);
    }
    for (JsonNode object : node.path("rbac")) {
      if (object.path("kind").asText().equals("ClusterRole")) {
        return new Permissions(policy, object.path("rules"), node.path("rbac"));
      }
    }
    throw new LabException("patchbay permissions names no ClusterRole: " + node);
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new LabException("this is no JSON: " + text, wrong);
    }
  }
}
