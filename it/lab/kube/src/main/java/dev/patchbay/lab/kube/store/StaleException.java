package dev.patchbay.lab.kube.store;

import dev.patchbay.lab.kube.model.ObjectKey;

/** The object is no longer, or not yet, what the writer took it for. The writer reads again and decides. */
public final class StaleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StaleException(String resource, ObjectKey key) {
    super(resource + " " + key + " was changed by somebody else in the meantime");
  }
}
