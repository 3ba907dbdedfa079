package dev.patchbay.lab.fabric;

import java.util.Locale;

/** Commands for {@code nft -f}, applied as one transaction: all or none. */
final class NftScript {
  private final StringBuilder text = new StringBuilder();

  void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  void raw(String commands) {
    text.append(commands).append('\n');
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  void apply(NetworkNamespace namespace, String what) {
    if (!isEmpty()) {
      namespace.runWith(text.toString(), "nft", "-f", "-").orThrow(what);
    }
  }
}
