package dev.patchbay.it.mutants;

import java.util.Locale;

/**
 * One change of one instruction.
 *
 * @param className the class, without its package
 * @param method the method; a lambda counts as part of the method that it stands in
 * @param kind what is changed
 * @param ordinal how many changes of that kind there are before it in the method
 * @param line the line in the source
 */
record Mutation(String className, String method, Kind kind, int ordinal, int line) {
  /** What is changed. */
  enum Kind {
    /** A condition is turned round. */
    NEGATED,
    /** A comparison loses or gains the case in which both are equal. */
    BOUNDARY,
    /** An operation is replaced by another, its inverse mostly. */
    ARITHMETIC,
    /** A counter counts the other way. */
    COUNTER,
    /** Nothing, zero, false or an empty collection is returned. */
    NOTHING,
    /** True is returned. */
    TRUE,
    /** A call is left out. */
    LEFT_OUT
  }

  /** By what it is known in the list of survivors: lines may move. */
  String key() {
    return className + "." + method + " " + kind.name().toLowerCase(Locale.ROOT) + " " + ordinal;
  }

  @Override
  public String toString() {
    return key() + " (line " + line + ")";
  }
}
