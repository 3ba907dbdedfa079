package dev.patchbay.lab.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Something that is to go wrong, in text {@code SERVICE[:ACTION][@CALLER] EFFECT [EXTENT...]}:
 *
 * <pre>
 * ec2:CreateNetworkInterface refuse=InsufficientFreeAddressesInSubnet calls=3
 * ec2:Describe* lag=30s for=2m
 * ec2 throttle chance=0.2 seed=7
 * ec2:AttachNetworkInterface settle=never calls=1
 * imds@i-0123456789abcdef0 empty for=10s
 * kube:patch/pods* refuse=409 calls=5
 * vpc fill=subnet-0123456789abcdef0 for=1m
 * </pre>
 *
 * @param target which calls
 * @param effect what happens
 * @param extent how often, and how long
 */
public record Fault(Target target, Effect effect, Extent extent) {
  private static final Set<String> EXTENT = Set.of("after", "calls", "for", "chance", "seed");

  /** Checks that what happens once is not asked for by call. */
  public Fault {
    if (!effect.strikesCalls()) {
      boolean plain = extent.equals(new Extent(0, OptionalInt.empty(), extent.time(), 1, 0));
      if (!plain || !target.action().equals("*") || !target.caller().equals("*")) {
        throw new IllegalArgumentException(
            effect.word() + " happens once, at once: it takes no action, caller, calls, after, chance or seed");
      }
    }
  }

  /**
   * An effect on calls, every one until it is taken back.
   *
   * @param target as in {@link Target#parse}
   */
  public static Fault on(String target, Effect effect) {
    return new Fault(Target.parse(target), effect, Extent.ALWAYS);
  }

  /** The same for that many calls. */
  public Fault calls(int number) {
    return with(new Extent(extent.after(), OptionalInt.of(number), extent.time(), extent.chance(), extent.seed()));
  }

  /** The same, sparing that many calls first. */
  public Fault after(int number) {
    return with(new Extent(number, extent.calls(), extent.time(), extent.chance(), extent.seed()));
  }

  /** The same for that long. */
  public Fault lasting(Duration time) {
    return with(new Extent(extent.after(), extent.calls(), Optional.of(time), extent.chance(), extent.seed()));
  }

  /** The same at random; one seed gives one sequence. */
  public Fault chance(double probability, long seed) {
    return with(new Extent(extent.after(), extent.calls(), extent.time(), probability, seed));
  }

  private Fault with(Extent changed) {
    return new Fault(target, effect, changed);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none; its message says what is wrong
   */
  public static Fault parse(String text) {
    return parse(tokens(text));
  }

  /**
   * Reads the text form, cut at its blanks already, as a shell does.
   *
   * @throws IllegalArgumentException if it is none; its message says what is wrong
   */
  public static Fault parse(List<String> tokens) {
    if (tokens.size() < 2) {
      throw new IllegalArgumentException("a fault is SERVICE[:ACTION][@CALLER] EFFECT [calls=N] [for=TIME] [chance=P seed=N]");
    }
    Target target = Target.parse(tokens.getFirst());
    Map<String, String> given = new LinkedHashMap<>();
    String message = "";
    for (String token : tokens.subList(2, tokens.size())) {
      int equals = token.indexOf('=');
      String name = equals < 0 ? token : token.substring(0, equals);
      String value = equals < 0 ? "" : token.substring(equals + 1);
      if (name.equals("message")) {
        message = value;
      } else if (!EXTENT.contains(name) || equals < 0) {
        throw new IllegalArgumentException(
            "'" + token + "' says nothing about how much: calls=N, for=TIME, after=N, chance=P and seed=N do");
      } else if (given.put(name, value) != null) {
        throw new IllegalArgumentException(name + " is given twice");
      }
    }
    String effect = tokens.get(1);
    int equals = effect.indexOf('=');
    Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(effect.substring(equals + 1));
    if (value.isPresent() && value.get().isEmpty()) {
      throw new IllegalArgumentException("'" + effect + "' has no value");
    }
    return new Fault(
        target,
        Effect.parse(equals < 0 ? effect : effect.substring(0, equals), value, message),
        extent(given));
  }

  private static Extent extent(Map<String, String> given) {
    if (given.containsKey("seed") && !given.containsKey("chance")) {
      throw new IllegalArgumentException("seed is of use with chance alone");
    }
    OptionalInt calls = given.containsKey("calls") ? OptionalInt.of((int) number("calls", given, 9)) : OptionalInt.empty();
    Optional<Duration> time = Optional.ofNullable(given.get("for")).map(length -> Lengths.parse("for", length));
    double chance = 1;
    try {
      chance = Double.parseDouble(given.getOrDefault("chance", "1"));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("chance=" + given.get("chance") + ": a probability is needed, such as 0.1");
    }
    return new Extent((int) number("after", given, 9), calls, time, chance, number("seed", given, 18));
  }

  private static long number(String name, Map<String, String> given, int digits) {
    String text = given.getOrDefault(name, "0");
    if (!text.matches("\\d{1," + digits + "}")) {
      throw new IllegalArgumentException(name + "=" + text + ": a number is needed, of at most " + digits + " digits");
    }
    return Long.parseLong(text);
  }

  /** Cuts at blanks, but for those between double quotes, which go. */
  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (char c : (text + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (Character.isWhitespace(c) && !quoted) {
        if (begun) {
          tokens.add(token.toString());
        }
        token.setLength(0);
        begun = false;
      } else {
        token.append(c);
        begun = true;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quotation mark has no second: " + text);
    }
    return tokens;
  }

  /** The text form. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(target.toString()).append(' ').append(effect.word());
    effect.value().ifPresent(value -> text.append('=').append(value));
    if (effect instanceof Effect.Refuse(String code, String message) && !message.isEmpty()) {
      text.append(" message=\"").append(message.replace("\"", "'")).append('"');
    }
    String much = extent.toString();
    return much.isEmpty() ? text.toString() : text.append(' ').append(much).toString();
  }
}
