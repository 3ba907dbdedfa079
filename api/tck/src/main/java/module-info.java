/**
 * The contract tests that every networking mode must pass, ready-made views to plan with in tests, and one synthetic mode
 * for each way of using the SPI.
 *
 * <p>A mode's test implements {@link dev.patchbay.tck.ModeContract} and names its provider; nothing else is needed.
 */
module dev.patchbay.tck {
  requires transitive dev.patchbay.spi;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;

  exports dev.patchbay.tck;
  // Modes for tests of the runtime, apart from what vendors use.
  exports dev.patchbay.tck.synthetic;
  // The views, apart from the tests: vendors plan with them in tests of their own.
  exports dev.patchbay.tck.view;
}
