package dev.patchbay.node;

import dev.patchbay.core.brain.BrainCodes;
import dev.patchbay.node.preflight.Teller;
import dev.patchbay.spi.Finding;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells when the node's wall clock is not that of EC2. Nothing that Patchbay decides depends on it (docs/clocks.md), but signatures and
 * certificates do, and the times in logs and Events. For any number of threads.
 */
final class ClockCheck {
  /** EC2 takes requests whose time is 5 minutes off at most; answers bear theirs in whole seconds, and are under way for some. */
  static final Duration LARGEST = Duration.ofMinutes(1);

  private final Teller teller;
  private String told = "";

  ClockCheck(Teller teller) {
    this.teller = teller;
  }

  /**
   * An answer came.
   *
   * @param ahead how far the node's clock is ahead; negative if behind
   */
  synchronized void saw(Duration ahead) {
    String words = ahead.abs().compareTo(LARGEST) < 0 ? "" : words(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of");
    if (!words.equals(told)) {
      told = words;
      teller.tell("clock", words.isEmpty() ? Optional.empty() : Optional.of(Finding.of(BrainCodes.CLOCK_WRONG,
          "This node's clock is " + words + " EC2's.",
          "Set it right, and see that something keeps it right: chrony or systemd-timesyncd with Amazon's time service, 169.254.169.123."
              + " Until then EC2 may refuse what this node asks (RequestExpired, SignatureDoesNotMatch), and certificates may seem expired or"
              + " not yet valid. Pods keep their network, and Patchbay goes on by itself once the clock is right.")));
    }
  }

  /** Coarse, so that it is told once and not with every second. */
  private static String words(Duration off) {
    if (off.toMinutes() < 120) {
      return "about " + Math.max(1, Math.round(off.toSeconds() / 60.0)) + " min";
    }
    return off.toHours() < 48 ? "about " + Math.round(off.toMinutes() / 60.0) + " h" : "about " + Math.round(off.toHours() / 24.0) + " days";
  }
}
