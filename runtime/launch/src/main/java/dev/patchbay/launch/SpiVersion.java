package dev.patchbay.launch;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the SPI's version that compatibility goes by.
 *
 * @param major the first number
 * @param minor the second
 */
record SpiVersion(int major, int minor) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})(?:[.+-].*)?");

  static Optional<SpiVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new SpiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /**
   * Whether a mode compiled against another version works with this one: same major and not newer; while the major is 0, the
   * same minor.
   */
  boolean serves(SpiVersion compiled) {
    return compiled.major == major && (major == 0 ? compiled.minor == minor : compiled.minor <= minor);
  }
}
