package dev.patchbay.tck.synthetic;

import dev.patchbay.spi.ModeContext;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;

/**
 * A provider that is its own mode: the synthetic modes have no settings, but where they are about settings.
 */
abstract class Synthetic implements NetworkModeProvider, NetworkMode {
  /** What labels and annotations of the synthetic modes begin with. */
  static final String KEY = "synthetic.patchbay.dev/";

  private final String id;

  Synthetic(String id) {
    this.id = "synthetic-" + id;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public NetworkMode create(ModeContext context) {
    return this;
  }
}
