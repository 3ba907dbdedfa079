package dev.patchbay.store;

/**
 * A place in a journal's files where bytes are not what was written.
 *
 * @param file the file's name
 * @param offset where in the file, in bytes
 * @param length how many bytes, 0 if that is not known
 * @param kind what it looks like
 * @param after the number of the last good record before it; 0 if there is none
 * @param healed whether nothing was lost, because another file still had it
 */
public record Damage(String file, long offset, long length, Kind kind, long after, boolean healed) {
  /** What damage looks like. */
  public enum Kind {
    /**
     * The last record is whole and its checksum is wrong: it may have been altered after it was promised. One that is shorter than
     * it says, or ends in zeros, was being written when the machine or the process stopped; that is no damage but a
     * {@link Recovery#cut()}.
     */
    ALTERED_LAST,
    /** Good records follow: something was altered after it was promised. */
    ALTERED,
    /** A file's header can't be read. */
    HEADER,
    /** Records are missing between two files, or at the end of a snapshot. */
    MISSING
  }

  Damage asHealed() {
    return new Damage(file, offset, length, kind, after, true);
  }

  /**
   * {@return one sentence for people}
   */
  @Override
  public String toString() {
    String what = switch (kind) {
      case ALTERED_LAST -> "the last record is whole but its checksum is wrong";
      case ALTERED -> "a record was altered, and good ones follow";
      case HEADER -> "the file's header is unreadable";
      case MISSING -> "records are missing";
    };
    return file + " at byte " + offset + ", after record " + after + ": " + what + (healed ? "; healed from an older copy" : "");
  }
}
