/**
 * The contract that every networking mode keeps, as tests.
 *
 * <p>A mode's test is one class:
 * {@snippet :
 * class ExampleModeTest implements ModeContract {
 *   public ModeUnderTest mode() {
 *     return ModeUnderTest.of(new ExampleProvider());
 *   }
 * }
 * }
 */
@NullMarked
package dev.patchbay.tck;

import org.jspecify.annotations.NullMarked;
