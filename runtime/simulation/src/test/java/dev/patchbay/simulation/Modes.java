package dev.patchbay.simulation;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.List;

/** Modes for tests of the simulation itself. */
final class Modes {
  private Modes() {}

  static List<Choice> stock() {
    return List.of(Choice.of("stock", List.of(instance(SyntheticModes.stock()))));
  }

  private static ModeInstance instance(NetworkModeProvider provider) {
    return new ModeInstance(provider.id(), "1", provider.descriptor(),
        provider.create(ModeUnderTest.context(ModeUnderTest.of(provider).complete(Fields.empty()))));
  }
}
