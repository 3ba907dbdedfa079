package dev.patchbay.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.LabSettings;
import dev.patchbay.lab.kube.KubeBinaries;
import dev.patchbay.lab.services.ServiceRules;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The process that holds a lab while nobody looks. It is started from a command, tells its progress on standard output as
 * lines of JSON until it is up, and ends with everything of the lab at SIGTERM.
 */
public final class LabProcess {
  private LabProcess() {}

  /**
   * Starts the process of a lab and returns when the lab is up.
   *
   * @param progress hears of each step
   * @throws LabException with what it says if it fails; nothing is left then
   */
  public static void start(LabSettings settings, Consumer<String> progress) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put("name", settings.name());
    told.put("home", settings.home().toString());
    told.put("java", settings.java().toString());
    told.put("executable", settings.executable().toString());
    told.put("nodes", settings.nodes());
    told.put("instanceType", settings.instanceType());
    told.set("configuration", Control.JSON.valueToTree(settings.configuration()));
    told.put("daemons", settings.daemons());
    told.put("ipv6", settings.ipv6());
    told.put("replicas", settings.replicas());
    told.put("services", settings.services().word());
    settings.kubernetes().ifPresent(real -> {
      told.put("kubeApiServer", real.apiServer().toString());
      told.put("etcd", real.etcd().toString());
    });
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(self());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Path.of("/").toFile());
    Lab.mark(builder, settings.name());
    Process process;
    try {
      java.io.File log = java.io.File.createTempFile(logPrefix(settings.name()), ".log");
      try {
        builder.redirectError(log);
        process = builder.start();
        try (var out = process.getOutputStream()) {
          out.write(Control.JSON.writeValueAsBytes(told));
        }
        follow(process, log.toPath(), progress);
      } finally {
        // Open in the process; removed when that has ended.
        Files.deleteIfExists(log.toPath());
      }
    } catch (IOException failure) {
      throw new LabException("cannot start the lab's process: " + failure.getMessage(), failure);
    }
  }

  /** Runs as that process. Returns only if the lab can't be built. */
  public static int run(java.io.InputStream in, PrintStream out) throws IOException, InterruptedException {
    JsonNode told = Control.JSON.readTree(in.readAllBytes());
    LabSettings settings = settings(told);
    Lab lab;
    try {
      lab = Lab.start(settings, step -> say(out, "step", step));
    } catch (RuntimeException failure) {
      if (!(failure instanceof LabException)) {
        failure.printStackTrace();
      }
      say(out, "failed", failure.getMessage() == null ? failure.toString() : failure.getMessage());
      return 1;
    }
    ControlServer control = ControlServer.start(lab);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("down").unstarted(() -> {
      control.close();
      lab.close();
    }));
    say(out, "up", settings.name());
    out.close();
    // From now on nobody reads what this process was started with.
    System.setErr(new PrintStream(Lab.folder(settings.name()).resolve("lab.log").toFile(), StandardCharsets.UTF_8));
    new CountDownLatch(1).await();
    return 0;
  }

  private static String logPrefix(String lab) {
    return "patchbay-lab-" + lab + "-";
  }

  /** Removes what a command left that was killed while it started a lab. */
  static void removeLogs(String lab) {
    try (var logs = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), logPrefix(lab) + "*.log")) {
      for (Path log : logs) {
        Files.deleteIfExists(log);
      }
    } catch (IOException failure) {
      throw new LabException("cannot remove the log of a start: " + failure.getMessage(), failure);
    }
  }

  private static void follow(Process process, Path log, Consumer<String> progress) throws IOException {
    // Whoever interrupts the start does not want half a lab.
    Thread abandon = Thread.ofPlatform().unstarted(process::destroy);
    Runtime.getRuntime().addShutdownHook(abandon);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode said = Control.JSON.readTree(line);
        if (said.has("up")) {
          return;
        }
        if (said.has("failed")) {
          process.onExit().join();
          throw new LabException(said.path("failed").asText());
        }
        progress.accept(said.path("step").asText());
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(abandon);
    }
    throw new LabException(
        "the lab's process ended with exit status " + process.onExit().join().exitValue() + ": " + Files.readString(log).strip());
  }

  private static LabSettings settings(JsonNode told) {
    LabSettings settings =
        LabSettings.of(
                told.path("name").asText(),
                Path.of(told.path("home").asText()),
                Path.of(told.path("java").asText()),
                Path.of(told.path("executable").asText()))
            .withNodes(told.path("nodes").asInt())
            .withInstanceType(told.path("instanceType").asText())
            .withConfiguration(map(told.path("configuration")))
            .withServices(ServiceRules.named(told.path("services").asText()).orElse(ServiceRules.NONE));
    if (told.has("kubeApiServer")) {
      Path apiServer = Path.of(told.path("kubeApiServer").asText());
      settings = settings.withKubernetes(new KubeBinaries(apiServer, Path.of(told.path("etcd").asText()), Path.of("")));
    }
    settings = told.path("ipv6").asBoolean() ? settings.withIpv6() : settings;
    return told.path("daemons").asBoolean() ? settings.withReplicas(told.path("replicas").asInt()) : settings.withoutDaemons();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode tree) {
    return Control.JSON.convertValue(tree, Map.class);
  }

  private static synchronized void say(PrintStream out, String kind, String text) {
    out.println(JsonNodeFactory.instance.objectNode().put(kind, text));
    out.flush();
  }

  /** The command that starts this program as the lab's process: as this process was started. */
  private static List<String> self() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+PerfDisableSharedMem", "-Xmx512m"));
    if (System.getProperty("jdk.module.main", "").equals("dev.patchbay.launch")) {
      command.add("--enable-native-access=dev.patchbay.launch");
      @Nullable String home = System.getProperty("patchbay.home");
      if (home != null) {
        command.add("-Dpatchbay.home=" + Path.of(home).toAbsolutePath());
      }
      command.addAll(List.of("-p", absolute(System.getProperty("jdk.module.path", ""))));
      command.addAll(List.of("-m", "dev.patchbay.launch/dev.patchbay.launch.Launcher", "patchbay", "lab", "serve"));
    } else {
      command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", absolute(System.getProperty("java.class.path", ""))));
      command.addAll(List.of("dev.patchbay.lab.command.Main", "serve"));
    }
    return command;
  }

  private static String absolute(String paths) {
    return String.join(":", List.of(paths.split(":")).stream().map(path -> Path.of(path).toAbsolutePath().toString()).toList());
  }
}
