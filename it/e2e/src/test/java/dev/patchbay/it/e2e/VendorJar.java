package dev.patchbay.it.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.apiguardian.api.API;
import org.jspecify.annotations.NullMarked;

/** A mode of a vendor's, compiled against the installation's own SPI. */
public final class VendorJar {
  private VendorJar() {}

  /**
   * Makes its jar.
   *
   * @param home the installation
   * @param module the name of the module, and of its one package
   * @param provider the class that provides the mode
   * @param source that class
   */
  public static Path make(Path folder, Path home, String module, String provider, String source) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path descriptor = Files.writeString(sources.resolve("module-info.java"), """
        module %s {
          requires dev.patchbay.spi;
          provides dev.patchbay.spi.NetworkModeProvider with %s.%s;
        }
        """.formatted(module, module, provider));
    Path mode = Files.writeString(
        Files.createDirectories(sources.resolve(module.replace('.', '/'))).resolve(provider + ".java"), source);
    Path classes = folder.resolve("classes");
    // Annotations of the SPI: the compiler wants to see them, nothing else does.
    String path = String.join(File.pathSeparator, home.resolve("lib/boot").toString(), jarOf(NullMarked.class), jarOf(API.class));
    run("javac", "-d", classes.toString(), "--module-path", path, descriptor.toString(), mode.toString());
    Path jar = folder.resolve(module + ".jar");
    run("jar", "--create", "--file", jar.toString(), "--module-version", "1", "-C", classes.toString(), ".");
    return jar;
  }

  private static String jarOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
  }

  private static void run(String tool, String... arguments) {
    Optional<ToolProvider> found = ToolProvider.findFirst(tool);
    StringWriter words = new StringWriter();
    try (PrintWriter to = new PrintWriter(words)) {
      assertThat(found.orElseThrow().run(to, to, arguments)).as("%s: %s", tool, words).isZero();
    }
  }
}
