package dev.patchbay.tck;

import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Every synthetic mode keeps the whole contract. */
class SyntheticModesTest {
  @TestFactory
  Stream<DynamicContainer> everySyntheticModeKeepsTheContract() {
    return SyntheticModes.all().stream().map(Contracts::of);
  }
}
