package dev.patchbay.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of one node: what lies on a node's disk in folders of its own, since all nodes share the machine's.
 *
 * @param folder its own, below the lab's
 */
record NodeFiles(Path folder) {
  /** Ports on the loopback of each node's own namespace. */
  static final int METRICS_PORT = 61_678;

  static final int INTROSPECTION_PORT = 61_679;

  private static final List<Path> PLUGINS = List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"));

  Path cniBin() {
    return folder.resolve("cni/bin");
  }

  Path cniConf() {
    return folder.resolve("cni/net.d");
  }

  /** Short: the path of a unix socket has at most 107 bytes (unix(7)). */
  Path socket() {
    return folder.resolve("run/cni.sock");
  }

  Path run() {
    return folder.resolve("run");
  }

  Path lib() {
    return folder.resolve("lib");
  }

  Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  Path configuration() {
    return folder.resolve("patchbay.yaml");
  }

  /** By how much the daemon's clock is stepped. */
  Path clock() {
    return folder.resolve("clock");
  }

  Path log() {
    return folder.resolve("daemon.log");
  }

  /**
   * Makes the folders, with the machine's own plugins where a real node has them.
   *
   * @param executable {@code patchbay-cni}, put beside them as the installer of a real node does; empty: nothing of ours is there
   */
  void create(Optional<Path> executable) {
    try {
      for (Path made : List.of(cniBin(), cniConf(), run(), lib())) {
        Files.createDirectories(made);
      }
      for (Path plugins : PLUGINS) {
        if (Files.isDirectory(plugins)) {
          link(plugins);
        }
      }
      if (executable.isPresent()) {
        Path installed = cniBin().resolve("patchbay-cni");
        Files.copy(executable.get(), installed, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException failure) {
      throw new LabException("cannot make the files of a node in " + folder + ": " + failure, failure);
    }
  }

  /** Writes what the daemon reads. */
  void write(String kubeconfigText, Map<String, Object> configuration) {
    try {
      Files.writeString(kubeconfig(), kubeconfigText);
      Files.writeString(configuration(), Configurations.text(configuration));
    } catch (IOException failure) {
      throw new LabException("cannot write the configuration of a node in " + folder + ": " + failure, failure);
    }
  }

  /** What a boot does to a node's disk: what lies under /run is gone. */
  void boot() {
    try (Stream<Path> all = Files.walk(run())) {
      for (Path file : all.filter(path -> !path.equals(run())).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new LabException("cannot empty " + run() + ": " + failure, failure);
    }
  }

  /** The configuration of a node in the lab, over which a user's is laid. */
  Map<String, Object> configuration(String nodeName, String cluster, String ec2Endpoint) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("node", Map.of("name", nodeName));
    all.put("cluster", Map.of("name", cluster));
    all.put("cni", ordered("socket", socket(), "confDir", cniConf(), "binDir", cniBin(), "networkDir",
        cniConf().resolve("networks")));
    all.put("state", ordered("run", run(), "lib", lib()));
    all.put("ec2", Map.of("endpoint", ec2Endpoint));
    all.put("kubernetes", Map.of("kubeconfig", kubeconfig().toString()));
    all.put("introspection", Map.of("address", "127.0.0.1:" + INTROSPECTION_PORT));
    all.put("metrics", Map.of("address", "127.0.0.1:" + METRICS_PORT));
    return all;
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i].toString(), pairs[i + 1].toString());
    }
    return map;
  }

  private void link(Path plugins) throws IOException {
    try (Stream<Path> files = Files.list(plugins)) {
      for (Path plugin : files.filter(Files::isExecutable).toList()) {
        Path link = cniBin().resolve(plugin.getFileName());
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, plugin);
        }
      }
    }
  }
}
