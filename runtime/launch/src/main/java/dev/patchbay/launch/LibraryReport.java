package dev.patchbay.launch;

import java.util.Map;

/**
 * What a library that a mode brings reaches. It is reported, not refused: whether the mode ever calls it can't be seen.
 *
 * @param moduleName the library's module
 * @param version its version, or {@code unversioned}
 * @param uses how many places use each way out
 * @param examples one place for each, {@code Class.method calls Class.method}
 */
public record LibraryReport(String moduleName, String version, Map<Reach, Integer> uses, Map<Reach, String> examples) {
  /** Copies the maps. */
  public LibraryReport {
    uses = Map.copyOf(uses);
    examples = Map.copyOf(examples);
  }
}
