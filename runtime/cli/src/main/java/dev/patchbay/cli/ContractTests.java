package dev.patchbay.cli;

import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.view.ObjectView;
import java.util.List;
import java.util.Optional;

/**
 * The contract that every mode keeps, as a service of another layer of the installation. A provider's constructor does no work.
 */
public interface ContractTests {
  /**
   * {@return its rules, always in the same order}
   */
  List<Rule> rules();

  /** One rule. */
  interface Rule {
    /**
     * {@return its name}
     */
    String name();

    /**
     * {@return what it asks, in words}
     */
    String words();

    /**
     * {@return whether it asks only that the mode has been tried with something that it plans}
     */
    boolean isAboutTheTrial();

    /**
     * Holds a mode against it, with the defaults of its settings. Runs the mode's code on the calling thread, for as long as that likes.
     *
     * @param provider the mode
     * @param objects what it can read, and the pods that come, beside some that are as plain as can be
     * @return what was thrown if the mode breaks the rule
     */
    Optional<Throwable> breach(NetworkModeProvider provider, List<? extends ObjectView> objects);
  }
}
