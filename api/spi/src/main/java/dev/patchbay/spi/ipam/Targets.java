package dev.patchbay.spi.ipam;

import java.util.OptionalInt;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How much stock a lane holds. Immutable. With neither {@link #warmAddresses()} nor {@link #minimumAddresses()} the stock is
 * counted in whole interfaces ({@link #warmInterfaces()}) or, where the first unit is a prefix, in free prefixes
 * ({@link #warmPrefixes()}). Addresses that cool down are not stock.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Targets {
  private static final Targets NONE = new Targets(null, null, null, null);

  private final @Nullable Integer warmInterfaces;
  private final @Nullable Integer warmAddresses;
  private final @Nullable Integer minimumAddresses;
  private final @Nullable Integer warmPrefixes;

  private Targets(@Nullable Integer warmInterfaces, @Nullable Integer warmAddresses, @Nullable Integer minimumAddresses,
      @Nullable Integer warmPrefixes) {
    this.warmInterfaces = warmInterfaces;
    this.warmAddresses = warmAddresses;
    this.minimumAddresses = minimumAddresses;
    this.warmPrefixes = warmPrefixes;
  }

  /**
   * {@return no stock beyond what pods need}
   */
  public static Targets none() {
    return NONE;
  }

  private static Integer checked(int target) {
    if (target < 0 || target > 1_000_000) {
      throw new IllegalArgumentException("a target is 0 to 1000000, not " + target);
    }
    return target;
  }

  /**
   * {@return these targets with whole interfaces' worth of free addresses}
   * @param interfaces how many
   */
  public Targets withWarmInterfaces(int interfaces) {
    return new Targets(checked(interfaces), warmAddresses, minimumAddresses, warmPrefixes);
  }

  /**
   * {@return these targets with free addresses}
   * @param addresses how many should be free
   */
  public Targets withWarmAddresses(int addresses) {
    return new Targets(warmInterfaces, checked(addresses), minimumAddresses, warmPrefixes);
  }

  /**
   * {@return these targets with a floor of addresses, held ones included}
   * @param addresses how many should be there at least
   */
  public Targets withMinimumAddresses(int addresses) {
    return new Targets(warmInterfaces, warmAddresses, checked(addresses), warmPrefixes);
  }

  /**
   * {@return these targets with free prefixes}
   * @param prefixes how many should be wholly free
   */
  public Targets withWarmPrefixes(int prefixes) {
    return new Targets(warmInterfaces, warmAddresses, minimumAddresses, checked(prefixes));
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  /**
   * {@return whole interfaces' worth of free addresses}
   */
  public OptionalInt warmInterfaces() {
    return optional(warmInterfaces);
  }

  /**
   * {@return free addresses}
   */
  public OptionalInt warmAddresses() {
    return optional(warmAddresses);
  }

  /**
   * {@return the floor of addresses, held ones included}
   */
  public OptionalInt minimumAddresses() {
    return optional(minimumAddresses);
  }

  /**
   * {@return free prefixes}
   */
  public OptionalInt warmPrefixes() {
    return optional(warmPrefixes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Targets t && t.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return "warmInterfaces=" + warmInterfaces + " warmAddresses=" + warmAddresses + " minimumAddresses=" + minimumAddresses
        + " warmPrefixes=" + warmPrefixes;
  }
}
