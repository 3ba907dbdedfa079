package dev.patchbay.node.engine;

import java.nio.file.Path;

/**
 * A part of the ledger is damaged in its middle, so that what it says can't be trusted.
 */
public final class LedgerDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LedgerDamagedException(Path folder, String damages) {
    super("The ledger in " + folder + " is damaged: " + damages + ". Patchbay does not guess who has which address: drain the"
        + " node, remove the folder, and start again; interfaces and addresses found are then used and never released.");
  }
}
