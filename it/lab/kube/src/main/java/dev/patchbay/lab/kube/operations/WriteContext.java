package dev.patchbay.lab.kube.operations;

import dev.patchbay.lab.kube.model.User;

/**
 * Under which circumstances something is written.
 *
 * @param user who writes
 * @param fieldManager who owns the fields written
 * @param dryRun whether everything but the writing itself is done
 * @param force whether server-side apply takes fields from their owners
 */
public record WriteContext(User user, String fieldManager, boolean dryRun, boolean force) {
  /** What the server does by itself. */
  public static final WriteContext SERVER = new WriteContext(User.SERVER, "kube-apiserver", false, false);
}
