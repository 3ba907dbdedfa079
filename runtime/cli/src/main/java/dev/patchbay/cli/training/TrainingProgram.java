package dev.patchbay.cli.training;

import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.LoadedMode;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.Program;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MacAddress;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.node.NodeProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program {@code train}: the daemon as it is, in a folder and a network namespace where nothing else is, with a cloud that is nowhere.
 * It serves a pod, begins anew from its ledger as after a restart, serves another, and ends. The virtual machine that runs it writes down
 * what was loaded meanwhile.
 */
public final class TrainingProgram implements Program {
  /** So many pods are served before the daemon begins anew, and after it. */
  private static final int PODS = 2;

  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(4);

  /** Started as a service; does nothing yet. */
  public TrainingProgram() {}

  @Override
  public String name() {
    return "train";
  }

  @Override
  public int run(LaunchContext context) throws Exception {
    Path folder = Path.of(context.arguments().getFirst());
    network();
    Path configuration = folder.resolve("patchbay.yaml");
    List<ModuleFile> files = modules(context.home());
    ModeLoading loading = context.loadModes(files);
    LoadedMode mode = loading.loaded().stream()
        .min(Comparator.comparing((LoadedMode m) -> !m.provider().descriptor().usual())
            .thenComparing(m -> !m.provider().descriptor().nodeReads().isEmpty()))
        .orElseThrow(() -> new IOException("there is no mode in " + context.home().resolve("modes") + " that can be loaded"));
    Files.writeString(configuration, text(folder, mode));
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("daemon").start(() -> {
      try {
        ended.complete(new NodeProgram().run(new Alone(context, List.of("--config", configuration.toString()))));
      } catch (Exception e) {
        ended.completeExceptionally(e);
      }
    });
    long limit = System.nanoTime() + LIMIT_NANOS;
    TrainingPods pods = new TrainingPods(context.home().resolve("bin/patchbay-cni"), folder.resolve("cni.sock"), limit, ended);
    int served = pods.serve("before", PODS);
    // Another value than before: the daemon reads its ledger and begins anew, within the process.
    Files.writeString(configuration, "  cooldown: 31s\n", StandardOpenOption.APPEND);
    served += pods.serve("after", PODS);
    pods.end();
    System.out.println("mode " + mode.id() + ", pods " + served);
    return served == 0 ? 1 : 0;
  }

  /** As on an instance: one interface with an address and a router. */
  private static void network() {
    try (RouteSocket route = RouteSocket.open()) {
      route.execute(Links.change("lo").up());
      route.execute(Links.veth("eth0", Links.peer("router").mtu(9001)).mac(MacAddress.of(TrainingCloud.MAC)).mtu(9001));
      route.execute(Links.change("router").up());
      route.execute(Links.change("eth0").up());
      int index = route.link("eth0").orElseThrow().index();
      Batch batch = new Batch();
      batch.add(Address.of(index, IpPrefix.of(TrainingCloud.ADDRESS)).add());
      batch.add(Route.toAny(Family.IPV4).link(index).via(InetAddress.ofLiteral(TrainingCloud.ROUTER)).build().add());
      route.execute(batch);
    }
  }

  private static List<ModuleFile> modules(Path home) throws IOException {
    try (Stream<Path> list = Files.list(home.resolve("modes"))) {
      return list.sorted().map(ModuleFile::of).toList();
    }
  }

  private static String text(Path folder, LoadedMode mode) {
    return """
        cluster:
          name: training
        cni:
          socket: %1$s/cni.sock
          confDir: %1$s/net.d
          binDir: %1$s/bin
        state:
          run: %1$s/run
          lib: %1$s/lib
        introspection:
          address: 127.0.0.1:61679
        modes:
        - use: %2$s
        modules:
        - file: %3$s
        node:
          name: training
        """.formatted(folder, mode.id(), mode.file());
  }

  /** The daemon's context: its cloud layer is the one that this program is in. */
  private record Alone(LaunchContext context, List<String> arguments) implements LaunchContext {
    @Override
    public Path home() {
      return context.home();
    }

    @Override
    public List<String> layers() {
      List<String> layers = new ArrayList<>(context.layers());
      layers.add("cloud");
      return layers;
    }

    @Override
    public CompletableFuture<ProgramLayer> layer(String name) {
      return context.layer(name.equals("cloud") ? context.layers().getLast() : name);
    }

    @Override
    public ModeLoading loadModes(List<ModuleFile> files) {
      return context.loadModes(files);
    }
  }
}
