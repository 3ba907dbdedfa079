package dev.patchbay.it.e2e.operations;

import dev.patchbay.it.e2e.VendorJar;
import java.io.IOException;
import java.nio.file.Path;

/** A mode that adds nothing to pods and needs of the kernel what it is told to, compiled against the installation's own SPI. */
final class NeedyMode {
  private NeedyMode() {}

  /**
   * Makes its jar.
   *
   * @param needs what is called on {@code Needs.none()}
   */
  static Path make(Path folder, Path home, String needs) throws IOException {
    String source = """
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
        """.formatted(needs);
    return VendorJar.make(folder, home, "com.example.needy", "Needy", source);
  }
}
