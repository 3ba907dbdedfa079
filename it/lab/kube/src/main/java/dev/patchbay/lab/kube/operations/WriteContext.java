package dev.patchbay.lab.kube.operations;

import dev.patchbay.lab.kube.model.User;

/**
 * Under which circumstances something is written.
 *
 * @param user who writes
 * @param fieldManager who owns the fields written
 * @param dryRun whether everything but the writing itself is done
 * @param force whether server-side apply takes fields from their owners
 * @param strict whether unknown fields are refused rather than dropped
 */
public record WriteContext(User user, String fieldManager, boolean dryRun, boolean force, boolean strict) {
  /** What the server and the lab do by themselves. */
  public static final WriteContext SERVER = new WriteContext(User.SERVER, "patchbay-lab", false, false, true);
}
