package dev.patchbay.it.e2e.operations;

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

/** A mode that adds nothing to pods and needs of the kernel what it is told to, compiled against the installation's own SPI. */
final class NeedyMode {
  private NeedyMode() {}

  /**
   * Makes its jar.
   *
   * @param needs what is called on {@code Needs.none()}
   */
  static Path make(Path folder, Path home, String needs) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("sources"));
    Path module = Files.writeString(sources.resolve("module-info.java"), """
        module com.example.needy {
          requires dev.patchbay.spi;
          provides dev.patchbay.spi.NetworkModeProvider with com.example.needy.Needy;
        }
        """);
    Path mode = Files.createDirectories(sources.resolve("com/example/needy")).resolve("Needy.java");
    Files.writeString(mode, """
        package com.example.needy;

        import dev.patchbay.spi.*;
        import dev.patchbay.spi.datapath.*;
        import dev.patchbay.spi.ipam.*;
        import dev.patchbay.spi.view.*;
        import java.util.*;

        public final class Needy implements NetworkModeProvider, NetworkMode, ExtraPlanner, DatapathPlanner {
          public String id() {
            return "needy";
          }

          public ModeDescriptor descriptor() {
            return ModeDescriptor.of("Needs much and does nothing.").role(Role.extra(Role.WhenUnreadable.PASS))
                .needs(Needs.none()%s).build();
          }

          public NetworkMode create(ModeContext context) {
            return this;
          }

          public Optional<ExtraPlanner> extraPlanner() {
            return Optional.of(this);
          }

          public Optional<DatapathPlanner> datapathPlanner() {
            return Optional.of(this);
          }

          public Answer<List<ExtraAttachment>> extras(AttachmentView first) {
            return Answer.of(List.of());
          }

          public Answer<DatapathPlan> node(NodeView node) {
            return Answer.of(DatapathPlan.empty());
          }

          public Answer<DatapathPlan> attachment(AttachmentView attachment) {
            return Answer.of(DatapathPlan.empty());
          }
        }
        """.formatted(needs));
    Path classes = folder.resolve("classes");
    // Annotations of the SPI: the compiler wants to see them, nothing else does.
    String path = String.join(File.pathSeparator, home.resolve("lib/boot").toString(), jarOf(NullMarked.class), jarOf(API.class));
    run("javac", "-d", classes.toString(), "--module-path", path, module.toString(), mode.toString());
    Path jar = folder.resolve("com.example.needy.jar");
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
