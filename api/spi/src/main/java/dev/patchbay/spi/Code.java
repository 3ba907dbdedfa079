package dev.patchbay.spi;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as a stable number and name. The same code stands in the CNI error (its {@code code}), the Kubernetes
 * Event and condition (their {@code reason}), the metric and the log, so that a person can follow one failure everywhere.
 *
 * <p>Numbers: 1 to 99 are the CNI specification's own (CNI 1.1, section "Error"). 100 to 199 blame the operator's
 * configuration, 200 to 299 the cloud, 300 to 399 the cluster's objects, 400 to 499 the node and its kernel, 500 to 599 Patchbay
 * itself. Vendors' modes use 10,000 to 19,999.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Code implements Comparable<Code> {
  private final int number;
  private final String name;

  private Code(int number, String name) {
    this.number = number;
    this.name = name;
  }

  /**
   * Makes a code.
   *
   * @param number its number, 1 to 19,999, in the range that fits the blame
   * @param name its name, in CamelCase as Kubernetes wants a reason: letters and digits, at most 64
   * @return the code
   * @throws IllegalArgumentException if number or name are out of range
   */
  public static Code of(int number, String name) {
    if (number < 1 || number > 19_999) {
      throw new IllegalArgumentException("a code has a number from 1 to 19999, not " + number);
    }
    if (!name.matches("[A-Z][A-Za-z0-9]{0,63}")) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a code; use CamelCase");
    }
    return new Code(number, name);
  }

  /**
   * {@return the number}
   */
  public int number() {
    return number;
  }

  /**
   * {@return the name}
   */
  public String name() {
    return name;
  }

  @Override
  public int compareTo(Code other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Code code && code.number == number && code.name.equals(name);
  }

  @Override
  public int hashCode() {
    return number;
  }

  /**
   * {@return the code as people see it: {@code Name (number)}}
   */
  @Override
  public String toString() {
    return name + " (" + number + ")";
  }
}
