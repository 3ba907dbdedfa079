package dev.patchbay.kube;

import dev.patchbay.spi.ObjectKind;
import java.util.Optional;

/** Something that an object should hold. Immutable. */
interface Wish {
  /** What it is about: of two wishes with one key, only the newer counts. */
  Object key();

  /** The kind of objects that it writes. */
  ObjectKind kind();

  /** What it does, as in {@code patch nodes/status}. */
  String what();

  /** This wish, where an older one with its key has not been granted yet. */
  Wish over(Wish older);

  /**
   * Grants it.
   *
   * @return empty if it is granted, or can't be any more; otherwise after how many milliseconds to try again
   * @throws ApiFailure if it is refused or nobody answers
   */
  Optional<Long> grant(ApiServer api);

  /** Whether a conflict means that it was made of what is no longer so. */
  default boolean outdatedByConflict() {
    return false;
  }
}
