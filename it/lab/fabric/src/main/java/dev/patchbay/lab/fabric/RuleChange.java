package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.nft.Element;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftSocket;
import java.util.Locale;

/**
 * A change of the router's rules. What is new in kind (a group, its rules) is written as text for the {@code nft} command, and
 * goes first; what ports come, go and change, which is often, goes by netlink without a process. Each of the two is one
 * transaction: all or none.
 */
final class RuleChange {
  private final StringBuilder text = new StringBuilder();
  private final Batch elements = NftSocket.transaction();

  /** Adds a line for the nft command. */
  void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Adds lines for the nft command. */
  void raw(String commands) {
    text.append(commands).append('\n');
  }

  void add(NftSet set, Element element) {
    elements.add("add to " + set.name(), set.add(element));
  }

  void remove(NftSet set, Element element) {
    elements.add("remove from " + set.name(), set.remove(element));
  }

  /**
   * Carries the change out.
   *
   * @param what it is, as it reads after "cannot"
   */
  void apply(NetworkNamespace namespace, NftSocket socket, String what) {
    if (!text.isEmpty()) {
      namespace.runWith(text.toString(), "nft", "-f", "-").orThrow(what);
    }
    if (!elements.isEmpty()) {
      socket.execute(elements);
    }
  }
}
