package dev.patchbay.cli.vendor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that was looked at.
 *
 * @param name what it is, in a word
 * @param state how it stands
 * @param words what there is to say of it, as a sentence
 * @param code the code of a refusal, such as {@code 136 ModuleImpure}; empty if there is none
 * @param remedy what to do; empty if nothing
 * @param details lines that say more
 */
public record Step(String name, State state, String words, String code, String remedy, List<String> details) {
  /** How it stands. */
  public enum State {
    /** As it should. */
    GOOD,
    /** Not as it should: a node would not take the file. */
    REFUSED,
    /** Not as it should: a node would take the file, and it does not keep the contract. */
    BROKEN,
    /** It could not be looked at, and the words say why. */
    LEFT_OUT
  }

  /** Copies the list. */
  public Step {
    details = List.copyOf(details);
  }

  static Step good(String name, String words, String... details) {
    return new Step(name, State.GOOD, words, "", "", List.of(details));
  }

  static Step leftOut(String name, String words, String remedy) {
    return new Step(name, State.LEFT_OUT, words, "", remedy, List.of());
  }

  static Step refused(String name, String code, String words, String remedy) {
    return new Step(name, State.REFUSED, words, code, remedy, List.of());
  }

  static Step broken(String name, String words, String remedy, List<String> details) {
    return new Step(name, State.BROKEN, words, "", remedy, details);
  }

  Map<String, Object> json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("step", name);
    map.put("state", state.name());
    map.put("words", words);
    if (!code.isEmpty()) {
      map.put("code", code);
    }
    if (!remedy.isEmpty()) {
      map.put("remedy", remedy);
    }
    map.put("details", details);
    return map;
  }
}
