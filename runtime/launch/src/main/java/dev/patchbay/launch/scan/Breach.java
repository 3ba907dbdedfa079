package dev.patchbay.launch.scan;

import dev.patchbay.launch.Reach;

/**
 * One place where code reaches outside.
 *
 * @param place class, method and line
 * @param verb what is done there: {@code calls}, {@code reads}, {@code declares}
 * @param target what is called or read
 * @param reach what that reaches
 */
public record Breach(String place, String verb, String target, Reach reach) {
  @Override
  public String toString() {
    return place + " " + verb + " " + target + " (" + reach.words() + ")";
  }
}
