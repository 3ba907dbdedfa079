package dev.patchbay.lab.calls;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What goes wrong. The first word of its text form is its name; which of them a service can show, {@link Breakable#words}
 * says.
 */
public sealed interface Effect {
  /** How long a connection stays open that gets no answer, unless that is said: longer than clients wait. */
  Duration PATIENCE = Duration.ofMinutes(2);

  /** Its name in the text form. */
  String word();

  /** What follows the name, if anything does. */
  default Optional<String> value() {
    return Optional.empty();
  }

  /**
   * {@code refuse=CODE}: the call is refused and changes nothing.
   *
   * @param code the service's code: {@code InsufficientFreeAddressesInSubnet}, {@code 409}
   * @param message the error's text; empty: the service's own for that code
   */
  record Refuse(String code, String message) implements Effect {
    @Override
    public String word() {
      return "refuse";
    }

    @Override
    public Optional<String> value() {
      return Optional.of(code);
    }
  }

  /** {@code throttle}: the call is refused as one too many, in the service's own way. */
  record Throttle() implements Effect {
    @Override
    public String word() {
      return "throttle";
    }
  }

  /**
   * {@code delay=TIME}: the call is applied at once and answered late.
   *
   * @param time how late
   */
  record Delay(Duration time) implements Effect {
    @Override
    public String word() {
      return "delay";
    }

    @Override
    public Optional<String> value() {
      return Optional.of(Lengths.format(time));
    }
  }

  /**
   * No answer. {@code drop} and {@code cut}: the connection breaks; {@code lose[=TIME]} and {@code hang[=TIME]}: it stays
   * open, until the client gives up or that time is over. With {@code drop} and {@code lose} the call was applied, with
   * {@code cut} and {@code hang} it was not.
   *
   * @param applied whether the call was applied
   * @param open how long the connection stays open; zero: it breaks at once
   */
  record NoAnswer(boolean applied, Duration open) implements Effect {
    @Override
    public String word() {
      if (open.isZero()) {
        return applied ? "drop" : "cut";
      }
      return applied ? "lose" : "hang";
    }

    @Override
    public Optional<String> value() {
      return open.isZero() || open.equals(PATIENCE) ? Optional.empty() : Optional.of(Lengths.format(open));
    }
  }

  /**
   * {@code lag=TIME}: a call that reads sees things as they were.
   *
   * @param time how long ago
   */
  record Lag(Duration time) implements Effect {
    @Override
    public String word() {
      return "lag";
    }

    @Override
    public Optional<String> value() {
      return Optional.of(Lengths.format(time));
    }
  }

  /** {@code empty}: a call that reads sees nothing, as if nothing had been made yet. */
  record Empty() implements Effect {
    @Override
    public String word() {
      return "empty";
    }
  }

  /**
   * {@code settle=TIME} or {@code settle=never}: what the call starts takes that long, such as attaching an interface. The
   * answer comes at once.
   *
   * @param time how long; empty: it never ends
   */
  record Settle(Optional<Duration> time) implements Effect {
    @Override
    public String word() {
      return "settle";
    }

    @Override
    public Optional<String> value() {
      return Optional.of(time.map(Lengths::format).orElse("never"));
    }
  }

  /**
   * Any other word: something that happens once and at once, such as {@code pull=eni-0…}. What there is, {@link
   * Breakable#acts} says.
   *
   * @param word its name
   * @param argument what it is done to; may be empty
   */
  record Act(String word, String argument) implements Effect {
    @Override
    public Optional<String> value() {
      return argument.isEmpty() ? Optional.empty() : Optional.of(argument);
    }
  }

  /** The call is refused, in the service's words for that code. */
  static Effect refuse(String code) {
    return new Refuse(code, "");
  }

  /** The call is applied, then the connection breaks. */
  static Effect drop() {
    return new NoAnswer(true, Duration.ZERO);
  }

  /** The call is applied and never answered. */
  static Effect lose() {
    return new NoAnswer(true, PATIENCE);
  }

  /** The connection breaks, and nothing was done. */
  static Effect cut() {
    return new NoAnswer(false, Duration.ZERO);
  }

  /** The call is neither applied nor answered. */
  static Effect hang() {
    return new NoAnswer(false, PATIENCE);
  }

  /** Whether it strikes calls, as against what happens once. */
  default boolean strikesCalls() {
    return !(this instanceof Act);
  }

  /**
   * Reads an effect.
   *
   * @throws IllegalArgumentException if the word needs a value and has none, or the other way round
   */
  static Effect parse(String word, Optional<String> value, String message) {
    Map<String, Function<String, Effect>> valued =
        Map.of(
            "refuse", code -> new Refuse(code, message),
            "delay", time -> new Delay(Lengths.parse(word, time)),
            "lag", time -> new Lag(Lengths.parse(word, time)),
            "settle",
                time -> new Settle(time.equals("never") ? Optional.empty() : Optional.of(Lengths.parse(word, time))),
            "lose", time -> new NoAnswer(true, Lengths.parse(word, time)),
            "hang", time -> new NoAnswer(false, Lengths.parse(word, time)));
    Map<String, Effect> bare =
        Map.of(
            "throttle", new Throttle(), "empty", new Empty(), "drop", drop(), "cut", cut(), "lose", lose(), "hang", hang());
    if (!message.isEmpty() && !word.equals("refuse")) {
      throw new IllegalArgumentException(word + " has no message, only refuse=CODE has one");
    }
    if (value.isPresent() && valued.containsKey(word)) {
      return valued.get(word).apply(value.get());
    }
    if (value.isEmpty() && bare.containsKey(word)) {
      return bare.get(word);
    }
    if (valued.containsKey(word)) {
      throw new IllegalArgumentException(word + " needs a value: " + word + "=…");
    }
    if (bare.containsKey(word)) {
      throw new IllegalArgumentException(word + " takes no value: " + word + "=" + value.orElse(""));
    }
    return new Act(word, value.orElse(""));
  }
}
