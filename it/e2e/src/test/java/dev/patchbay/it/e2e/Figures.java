package dev.patchbay.it.e2e;

import java.util.Locale;

/** What a test prints for people: counts and times, beside what it asserts. */
public final class Figures {
  private Figures() {}

  /**
   * Prints a line.
   *
   * @param of what it is about; tests print beside each other
   */
  public static void print(String of, String format, Object... arguments) {
    System.out.println("  [" + of + "] " + String.format(Locale.ROOT, format, arguments));
  }
}
