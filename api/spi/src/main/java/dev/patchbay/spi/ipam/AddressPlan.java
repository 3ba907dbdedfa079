package dev.patchbay.spi.ipam;

import dev.patchbay.spi.net.AddressFamily;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * How lanes are supplied with addresses. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AddressPlan {
  private final List<Supply> supplies;

  private AddressPlan(List<Supply> supplies) {
    this.supplies = List.copyOf(supplies);
  }

  /**
   * {@return a plan of supplies}
   * @param supplies the supplies, one per lane and family
   */
  public static AddressPlan of(Supply... supplies) {
    return new AddressPlan(List.of(supplies));
  }

  /**
   * {@return a plan of supplies}
   * @param supplies the supplies, one per lane and family
   */
  public static AddressPlan of(List<Supply> supplies) {
    return new AddressPlan(supplies);
  }

  /**
   * {@return the supplies}
   */
  public List<Supply> supplies() {
    return supplies;
  }

  /**
   * {@return how a lane is supplied}
   * @param lane the lane's name
   * @param family the family
   */
  public Optional<Supply> supply(String lane, AddressFamily family) {
    return supplies.stream().filter(s -> s.lane().equals(lane) && s.family() == family).findFirst();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof AddressPlan plan && plan.supplies.equals(supplies);
  }

  @Override
  public int hashCode() {
    return supplies.hashCode();
  }

  @Override
  public String toString() {
    return supplies.toString();
  }

  /**
   * How one lane is supplied.
   *
   * @param lane the lane's name
   * @param family the family
   * @param source where the addresses come from
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Supply(String lane, AddressFamily family, AddressSource source) {}
}
