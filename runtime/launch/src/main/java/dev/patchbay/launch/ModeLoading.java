package dev.patchbay.launch;

import java.util.List;

/**
 * What became of module files.
 *
 * @param loaded the modes that were loaded, in the order of the files
 * @param refused the files that were refused, and why
 */
public record ModeLoading(List<LoadedMode> loaded, List<ModuleRefusal> refused) {
  /** Copies the lists. */
  public ModeLoading {
    loaded = List.copyOf(loaded);
    refused = List.copyOf(refused);
  }
}
