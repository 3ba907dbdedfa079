package dev.patchbay.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.fabric.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs the plugins of a node's network configuration as a container runtime on that node does (CNI specification, section 3):
 * in the node's namespace, one after the other, each with the result of the one before. Thread-safe.
 */
public final class CniCaller {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST = Duration.ofSeconds(300);

  private final NetworkNamespace node;
  private final NodeFiles files;

  /**
   * What an ADD left, which the runtime keeps for CHECK and DEL.
   *
   * @param configuration the list that was in force
   * @param result the last plugin's
   * @param took how long each plugin ran, from before its start to after its end
   */
  public record Added(ObjectNode configuration, ObjectNode result, List<Duration> took) {}

  CniCaller(NetworkNamespace node, NodeFiles files) {
    this.node = node;
    this.files = files;
  }

  /** The node's network configuration: the first file of its folder, in the order of names; empty while there is none. */
  public Optional<ObjectNode> configuration() {
    try (Stream<Path> all = Files.list(files.cniConf())) {
      Optional<Path> first =
          all.filter(file -> file.toString().endsWith(".conflist")).sorted().findFirst();
      if (first.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of((ObjectNode) JSON.readTree(Files.readString(first.get())));
    } catch (IOException failure) {
      throw new LabException("cannot read the network configuration in " + files.cniConf() + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * ADD. If a plugin refuses, DEL is called for all, as container runtimes do.
   *
   * @throws CniException if a plugin refuses
   */
  public Added add(Sandbox sandbox) {
    ObjectNode list =
        configuration()
            .orElseThrow(() -> new LabException(
                "the node has no network configuration in " + files.cniConf() + "; its daemon writes it when it can serve"));
    try {
      return run("ADD", list, sandbox, Optional.empty());
    } catch (CniException refused) {
      try {
        delete(sandbox, list, Optional.empty());
      } catch (CniException too) {
        refused.addSuppressed(too);
      }
      throw refused;
    }
  }

  /** CHECK. */
  public void check(Sandbox sandbox, Added added) {
    for (JsonNode plugin : plugins(added.configuration())) {
      call("CHECK", added.configuration(), plugin, sandbox, Optional.of(added.result()));
    }
  }

  /** DEL, in the opposite order. */
  public void delete(Sandbox sandbox, Added added) {
    delete(sandbox, added.configuration(), Optional.of(added.result()));
  }

  private void delete(Sandbox sandbox, ObjectNode list, Optional<ObjectNode> result) {
    for (JsonNode plugin : plugins(list).reversed()) {
      call("DEL", list, plugin, sandbox, result);
    }
  }

  private Added run(String command, ObjectNode list, Sandbox sandbox, Optional<ObjectNode> before) {
    Optional<ObjectNode> result = before;
    List<Duration> took = new ArrayList<>();
    for (JsonNode plugin : plugins(list)) {
      Commands.Ended ended = call(command, list, plugin, sandbox, result);
      took.add(ended.took());
      result = Optional.of(parse(plugin, ended));
    }
    return new Added(list, result.orElseThrow(() -> new LabException("the network configuration names no plugin")), took);
  }

  private Commands.Ended call(
      String command, ObjectNode list, JsonNode plugin, Sandbox sandbox, Optional<ObjectNode> previous) {
    String type = plugin.path("type").asText();
    ProcessBuilder builder = node.command(program(type).toString());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", sandbox.containerId());
    environment.put("CNI_NETNS", sandbox.netns().path().toString());
    environment.put("CNI_IFNAME", sandbox.interfaceName());
    environment.put("CNI_PATH", files.cniBin().toString());
    environment.put(
        "CNI_ARGS",
        sandbox.arguments().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining(";")));
    Commands.Ended ended = Commands.run(builder, input(list, plugin, sandbox, previous), LONGEST);
    if (ended.exit() != 0) {
      throw refusal(type + " " + command, ended);
    }
    return ended;
  }

  private Path program(String type) {
    Path program = files.cniBin().resolve(type);
    if (!Files.isExecutable(program)) {
      throw new LabException("the network configuration names the plugin " + type + ", which is not in " + files.cniBin());
    }
    return program;
  }

  private static String input(ObjectNode list, JsonNode plugin, Sandbox sandbox, Optional<ObjectNode> previous) {
    ObjectNode input = plugin.deepCopy();
    input.set("cniVersion", list.path("cniVersion"));
    input.set("name", list.path("name"));
    previous.ifPresent(result -> input.set("prevResult", result));
    Map<String, JsonNode> wanted = new LinkedHashMap<>();
    plugin.path("capabilities").properties().forEach(capability -> {
      JsonNode argument = sandbox.capabilities().get(capability.getKey());
      if (capability.getValue().asBoolean() && argument != null) {
        wanted.put(capability.getKey(), argument);
      }
    });
    input.remove("capabilities");
    if (!wanted.isEmpty()) {
      input.putObject("runtimeConfig").setAll(wanted);
    }
    return input.toString();
  }

  private static CniException refusal(String what, Commands.Ended ended) {
    try {
      JsonNode error = JSON.readTree(ended.output());
      if (error != null && error.has("code")) {
        return new CniException(
            what, error.path("code").asInt(), error.path("msg").asText(), error.path("details").asText(""), ended.took());
      }
    } catch (JsonProcessingException noJson) {
      // Said below, with all that it printed.
      return new CniException(what, ended.exit(), "it printed no CNI error", printed(ended), ended.took());
    }
    return new CniException(what, ended.exit(), "it printed no CNI error", printed(ended), ended.took());
  }

  private static ObjectNode parse(JsonNode plugin, Commands.Ended ended) {
    String what = plugin.path("type").asText() + " ADD";
    try {
      if (JSON.readTree(ended.output()) instanceof ObjectNode result) {
        return result;
      }
    } catch (JsonProcessingException noJson) {
      throw new LabException(what + " printed no JSON: " + printed(ended), noJson);
    }
    throw new LabException(what + " printed no result: " + printed(ended));
  }

  private static String printed(Commands.Ended ended) {
    return "exit status " + ended.exit() + ", output " + ended.output().strip() + ", errors " + ended.errors().strip();
  }

  private static List<JsonNode> plugins(ObjectNode list) {
    List<JsonNode> plugins = new ArrayList<>();
    list.path("plugins").forEach(plugins::add);
    return plugins;
  }
}
