package dev.patchbay.cli.training;

import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls the executable as a container runtime does, for pods that are network namespaces and no more. */
final class TrainingPods {
  private static final long PAUSE_MILLIS = 20;

  private final Path executable;
  private final Path socket;
  private final long limit;
  private final CompletableFuture<Integer> daemon;
  private final List<Netns> namespaces = new ArrayList<>();

  /**
   * Makes it.
   *
   * @param socket the daemon's
   * @param limit the time of System.nanoTime at which it gives up
   * @param daemon done when the daemon has ended
   */
  TrainingPods(Path executable, Path socket, long limit, CompletableFuture<Integer> daemon) {
    this.executable = executable;
    this.socket = socket;
    this.limit = limit;
    this.daemon = daemon;
  }

  /**
   * ADD, CHECK and STATUS of each, and DEL of all but the last.
   *
   * @return how many were served
   */
  int serve(String name, int pods) throws IOException, InterruptedException {
    int served = 0;
    for (int i = 0; i < pods; i++) {
      String id = name + "-" + i;
      Netns netns = Netns.create();
      namespaces.add(netns);
      while (call("ADD", id, netns) != 0) {
        if (System.nanoTime() > limit || daemon.isDone()) {
          return served;
        }
        call("DEL", id, netns);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      served++;
      call("STATUS", id, netns);
      if (i < pods - 1) {
        call("DEL", id, netns);
      }
    }
    return served;
  }

  void end() {
    namespaces.forEach(Netns::close);
  }

  private int call(String command, String id, Netns netns) throws IOException, InterruptedException {
    if (!Files.exists(socket)) {
      return 1;
    }
    ProcessBuilder builder = new ProcessBuilder(executable.toString());
    builder.environment().clear();
    builder.environment().putAll(Map.of("CNI_COMMAND", command, "CNI_CONTAINERID", id, "CNI_IFNAME", "eth0",
        "CNI_NETNS", "/proc/" + ProcessHandle.current().pid() + "/fd/" + netns.fd(), "CNI_PATH", String.valueOf(executable.getParent()),
        "CNI_ARGS", "K8S_POD_NAMESPACE=training;K8S_POD_NAME=" + id + ";K8S_POD_UID=" + id + ";K8S_POD_INFRA_CONTAINER_ID=" + id));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    try (var out = process.getOutputStream()) {
      out.write("""
          {"cniVersion": "1.1.0", "name": "patchbay", "type": "patchbay-cni", "socket": "%s"}
          """.formatted(socket).getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exit = process.waitFor();
    if (exit != 0) {
      System.out.println(command + " " + id + ": " + said);
    }
    return exit;
  }
}
