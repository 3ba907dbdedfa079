package dev.patchbay.cli.awsnode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of the variables so far: values with the variables that they come from, and variables that came to nothing, with the
 * reason. For one thread.
 */
public final class Translation {
  /**
   * A value of the configuration.
   *
   * @param path its path: {@code egress.translate}
   * @param value what JSON and YAML know
   * @param from the variable, or several, with their values
   */
  public record Taken(String path, Object value, String from) {}

  /**
   * A variable that has no counterpart, or not for its value.
   *
   * @param variable its name
   * @param value its value
   * @param why the reason, as a sentence
   */
  public record Left(String variable, String value, String why) {}

  private final Map<String, String> environment;
  private final List<Taken> taken = new ArrayList<>();
  private final List<Left> left = new ArrayList<>();

  /**
   * Nothing has been looked at.
   *
   * @param environment the variables
   */
  public Translation(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * {@return the value of a variable; empty text if it is not set}
   * @param variable its name
   */
  public String value(String variable) {
    return environment.getOrDefault(variable, "");
  }

  /**
   * {@return whether a variable is set}
   * @param variable its name
   */
  public boolean isSet(String variable) {
    return environment.containsKey(variable);
  }

  void take(String path, Object value, String variable) {
    taken.add(new Taken(path, value, variable + "=" + value(variable)));
  }

  void leave(String variable, String why) {
    left.add(new Left(variable, value(variable), why));
  }

  /**
   * {@return the values, in the order in which they were found}
   */
  public List<Taken> taken() {
    return List.copyOf(taken);
  }

  /**
   * {@return what came to nothing}
   */
  public List<Left> left() {
    return List.copyOf(left);
  }

  /**
   * {@return a truth as aws-node reads it; empty if it can't be read, which aws-node takes for the default}
   * @param text the text
   */
  static java.util.Optional<Boolean> truth(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> java.util.Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> java.util.Optional.of(false);
      default -> java.util.Optional.empty();
    };
  }
}
