package dev.patchbay.it.e2e.survival;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.Sandbox;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A call of a node's executable, with every variable and every byte of input as the test wants it. Immutable; each method gives a
 * changed copy. Unlike the lab's own caller it sends no DEL behind an ADD that failed.
 */
public final class Executable {
  /** Beyond the executable's own limit of 110 s. */
  private static final Duration LONGEST = Duration.ofSeconds(130);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LabNode node;
  private final Map<String, String> environment;
  private final String input;

  private Executable(LabNode node, Map<String, String> environment, String input) {
    this.node = node;
    this.environment = environment;
    this.input = input;
  }

  /**
   * A call as containerd makes it.
   *
   * @param verb the verb
   * @param sandbox the sandbox; its id is the pod's name in the namespace default, too
   */
  public static Executable of(LabNode node, String verb, Sandbox sandbox) {
    String container = sandbox.containerId();
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("CNI_COMMAND", verb);
    environment.put("CNI_CONTAINERID", container);
    environment.put("CNI_NETNS", sandbox.netns().path().toString());
    environment.put("CNI_IFNAME", sandbox.interfaceName());
    environment.put("CNI_PATH", node.cniBin().toString());
    environment.put(
        "CNI_ARGS",
        "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=" + container + ";K8S_POD_INFRA_CONTAINER_ID=" + container);
    return new Executable(node, environment, configuration(node).toString());
  }

  /** What the node's plugin gets on its input: the first plugin of the node's list, with the list's name and version. */
  public static ObjectNode configuration(LabNode node) {
    ObjectNode list = node.cni().configuration().orElseThrow(() -> new AssertionError(node.name() + " has no network configuration"));
    ObjectNode plugin = list.path("plugins").path(0).deepCopy();
    plugin.remove("capabilities");
    plugin.set("cniVersion", list.path("cniVersion"));
    plugin.set("name", list.path("name"));
    return plugin;
  }

  /** With a variable set. */
  public Executable with(String variable, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(variable, value);
    return new Executable(node, changed, input);
  }

  /** Without a variable. */
  public Executable without(String variable) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.remove(variable);
    return new Executable(node, changed, input);
  }

  /** With other input. */
  public Executable input(String text) {
    return new Executable(node, environment, text);
  }

  /** With its input, a JSON object, changed. */
  public Executable configured(Consumer<ObjectNode> change) {
    ObjectNode changed = configuration(node);
    change.accept(changed);
    return input(changed.toString());
  }

  /** Runs it to its end. */
  public Ended run() {
    return start().await();
  }

  /** Starts it. */
  public Running start() {
    ProcessBuilder builder = node.netns().command(node.cniBin().resolve("patchbay-cni").toString());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      // Not by pipes: the JDK closes those of a process that it kills, with what is in them.
      Path output = Files.createTempFile("cni", ".out");
      Path errors = Files.createTempFile("cni", ".err");
      Process process = builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException closed) {
        // It ended, or was killed, before it read all: what it printed says why.
        process.onExit().join();
      }
      return new Running(this, process, output, errors);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot run nsenter", failure);
    }
  }

  private static String taken(Path file) {
    try {
      String text = Files.readString(file);
      Files.delete(file);
      return text;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public String toString() {
    Map<String, String> shown = new LinkedHashMap<>(environment);
    shown.keySet().removeIf(name -> !name.startsWith("CNI_"));
    return shown + " < " + input;
  }

  /** A call that is under way. */
  public static final class Running {
    private final Executable call;
    private final Process process;
    private final Path output;
    private final Path errors;

    private Running(Executable call, Process process, Path output, Path errors) {
      this.call = call;
      this.process = process;
      this.output = output;
      this.errors = errors;
    }

    /** Kills it, as a container runtime does whose own caller has given up; with what it had printed by then. */
    public Ended kill() {
      process.destroyForcibly();
      return await();
    }

    /** Whether it runs. */
    public boolean isAlive() {
      return process.isAlive();
    }

    /** Whether it waits in poll(2), which it does when it has sent its request. */
    public boolean isWaiting() {
      try {
        return Files.readString(Path.of("/proc/" + process.pid() + "/wchan")).contains("poll");
      } catch (IOException gone) {
        return false;
      }
    }

    /** Waits for its end. */
    public Ended await() {
      try {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("no end within " + LONGEST.toSeconds() + " s: " + call);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a plugin ran", interrupted);
      }
      return new Ended(call, process.exitValue(), taken(output), taken(errors));
    }
  }

  /**
   * What a call left.
   *
   * @param call the call
   * @param exit its exit status; 137 if it was killed
   * @param output what it printed
   * @param errors what it printed to standard error
   */
  public record Ended(Executable call, int exit, String output, String errors) {
    /** Whether it succeeded. */
    public boolean succeeded() {
      return exit == 0;
    }

    /** The output as JSON; missing if it is empty or none. */
    public JsonNode json() {
      try {
        return output.isBlank() ? MissingNode.getInstance() : JSON.readTree(output);
      } catch (JsonProcessingException none) {
        return MissingNode.getInstance();
      }
    }

    /** The code of the CNI error that it printed; 0 if it printed none. */
    public int code() {
      return json().path("code").asInt();
    }

    /** The members msg and details of the error. */
    public String words() {
      return json().path("msg").asText() + " " + json().path("details").asText();
    }

    /** The first address of its result. */
    public Optional<InetAddress> address() {
      String address = json().at("/ips/0/address").asText();
      return address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.ofLiteral(address.replaceAll("/.*", "")));
    }

    /** CHECK of what this ADD made, by a plugin with what it printed. */
    public Ended check() {
      return call.with("CNI_COMMAND", "CHECK").configured(configuration -> configuration.set("prevResult", json())).run();
    }

    /** Itself, if it succeeded. */
    public Ended orThrow() {
      if (exit != 0) {
        throw new AssertionError(this);
      }
      return this;
    }

    @Override
    public String toString() {
      return "exit status " + exit + ", output " + output.strip() + ", errors " + errors.strip() + ", of " + call;
    }
  }
}
