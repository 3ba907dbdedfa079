package dev.patchbay.node.engine;

import java.util.List;

/**
 * Something of the ledger is lost, and no witness tells it.
 */
public final class LedgerDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LedgerDamagedException(String damages, List<String> unknown) {
    super(damages + " It can't be rebuilt either: " + String.join("; ", unknown) + ". Patchbay does not guess who has which address: drain"
        + " the node, remove the folder, and start again; interfaces and addresses found are then used and never released.");
  }
}
