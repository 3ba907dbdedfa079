package dev.patchbay.core.brain;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.core.view.NodeFactsFields;
import java.util.List;
import java.util.Optional;

/** What the kernel should have for the attachments of a ledger, for who looks at a node whose daemon is away. */
public final class AttachmentPaths {
  private AttachmentPaths() {}

  /**
   * {@return what the kernel should have, one for each attachment}
   * @param ledger the ledger
   * @param mtu the MTU of the interfaces, in bytes
   */
  public static List<AttachmentPath> of(Ledger ledger, int mtu) {
    Optional<NodeFacts> facts =
        ledger.seen().values().isEmpty() ? Optional.empty() : Optional.of(NodeFactsFields.read(ledger.seen()));
    return ledger.attachments().stream().map(a -> Paths.of(facts, mtu, a)).toList();
  }
}
