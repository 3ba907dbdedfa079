package dev.patchbay.spi.ipam;

import dev.patchbay.spi.net.Cidr;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Where the addresses of a lane come from. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface AddressSource {
  /**
   * Held warm on the lane's interfaces, and asked of EC2 in units.
   *
   * @param units the units in order of preference: where the subnet can't give the first, the next is asked for, and
   *     the runtime goes back when it can
   * @param targets how much is held
   * @return the source
   */
  static AddressSource stock(List<Unit> units, Targets targets) {
    return new Stock(units, targets);
  }

  /**
   * One prefix on the lane's first interface, asked for once, or found there; no EC2 call per pod.
   *
   * @param length the prefix length in bits that is asked for: 28 or 80
   * @return the source
   */
  static AddressSource delegated(int length) {
    return new Range(null, length);
  }

  /**
   * A block that is local to the node: its addresses never leave the node untranslated, and EC2 knows nothing of them.
   *
   * @param block the block
   * @return the source
   */
  static AddressSource local(Cidr block) {
    return new Range(block, block.length());
  }

  /**
   * Decided elsewhere, and read from an object by the mode: requests name the address and its interface.
   *
   * @return the source
   */
  static AddressSource given() {
    return new Given();
  }

  /**
   * A particular address, asked of EC2 when the pod comes. It is never taken from another node's interface: a pod there may have it. That node
   * gives it back when its pod has gone and the address has cooled down, and the pod that waits for it gets it then.
   *
   * @return the source
   */
  static AddressSource onDemand() {
    return new OnDemand();
  }

  /** Held warm. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Stock implements AddressSource {
    private final List<Unit> units;
    private final Targets targets;

    private Stock(List<Unit> units, Targets targets) {
      if (units.isEmpty()) {
        throw new IllegalArgumentException("a stock names at least one unit");
      }
      this.units = List.copyOf(units);
      this.targets = targets;
    }

    /**
     * {@return the units in order of preference}
     */
    public List<Unit> units() {
      return units;
    }

    /**
     * {@return how much is held}
     */
    public Targets targets() {
      return targets;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Stock s && s.units.equals(units) && s.targets.equals(targets);
    }

    @Override
    public int hashCode() {
      return units.hashCode() * 31 + targets.hashCode();
    }

    @Override
    public String toString() {
      return "stock of " + units + " " + targets;
    }
  }

  /** A block on the node. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Range implements AddressSource {
    private final @Nullable Cidr block;
    private final int length;

    private Range(@Nullable Cidr block, int length) {
      this.block = block;
      this.length = length;
    }

    /**
     * {@return the node-local block; empty for a prefix delegated to the lane's first interface}
     */
    public Optional<Cidr> block() {
      return Optional.ofNullable(block);
    }

    /**
     * {@return the prefix length of the block}
     */
    public int length() {
      return length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Range r && r.block().equals(block()) && r.length == length;
    }

    @Override
    public int hashCode() {
      return length;
    }

    @Override
    public String toString() {
      return block == null ? "delegated /" + length : "local " + block;
    }
  }

  /** Decided elsewhere. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class Given implements AddressSource {
    private Given() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Given;
    }

    @Override
    public int hashCode() {
      return 3;
    }

    @Override
    public String toString() {
      return "given";
    }
  }

  /** Asked for when the pod comes. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  final class OnDemand implements AddressSource {
    private OnDemand() {}

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof OnDemand;
    }

    @Override
    public int hashCode() {
      return 4;
    }

    @Override
    public String toString() {
      return "on demand";
    }
  }
}
