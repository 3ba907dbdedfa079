package dev.patchbay.it.walls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local repository of Maven as a vendor has one: of Patchbay the artifacts of {@code api/} alone, as the build has made them, and
 * beside them whatever others this machine has, which stay where they are.
 */
final class LocalRepository implements AutoCloseable {
  private static final Path ORDINARY = Path.of(
      System.getProperty("patchbay.repository", System.getProperty("user.home") + "/.m2/repository"));
  private static final List<String> API = List.of("api/parent", "api/bom", "api/spi", "api/tck");
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private final Path folder;

  LocalRepository(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    link(ORDINARY, folder, "dev");
    if (Files.exists(ORDINARY.resolve("dev"))) {
      link(ORDINARY.resolve("dev"), Files.createDirectories(folder.resolve("dev")), "patchbay");
    }
    for (String module : API) {
      install(Checkout.ROOT.resolve(module));
    }
  }

  private static void link(Path from, Path to, String not) throws IOException {
    try (Stream<Path> groups = Files.list(from)) {
      for (Path group : groups.filter(path -> !path.endsWith(not)).toList()) {
        Files.createSymbolicLink(to.resolve(group.getFileName()), group);
      }
    }
  }

  private void install(Path module) throws IOException {
    String artifact = "dev.patchbay." + module.getFileName();
    Path to = Files.createDirectories(patchbay().resolve(artifact).resolve(VERSION));
    Files.copy(module.resolve("pom.xml"), to.resolve(artifact + "-" + VERSION + ".pom"));
    Path jar = module.resolve("target").resolve(artifact + "-" + VERSION + ".jar");
    if (Files.exists(jar)) {
      Files.copy(jar, to.resolve(jar.getFileName()));
    }
  }

  private Path patchbay() {
    return folder.resolve("dev/patchbay");
  }

  Path folder() {
    return folder;
  }

  /** The artifacts of Patchbay. */
  List<String> artifacts() throws IOException {
    return names(patchbay());
  }

  /** What this machine's own repository has of Patchbay, with the times of change. */
  static List<String> ordinary() throws IOException {
    Path patchbay = ORDINARY.resolve("dev/patchbay");
    if (!Files.exists(patchbay)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(patchbay)) {
      return files.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  /** Takes away the links to what others have. */
  @Override
  public void close() throws IOException {
    for (Path links : List.of(folder.resolve("dev"), folder)) {
      try (Stream<Path> files = Files.list(links)) {
        for (Path file : files.filter(Files::isSymbolicLink).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
