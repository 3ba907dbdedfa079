package dev.patchbay.core.invariants;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node at one moment, from every side that could be looked at. What could not is empty, and invariants that need it are not checked.
 *
 * @param monotonic the moment, in milliseconds of the clock that the ledger's cooldowns are in
 * @param ledger the ledger as the daemon has it; as its files have it, where no daemon runs. It must not change meanwhile
 * @param written the ledger as its files have it, beside a daemon
 * @param earlier the ledger at an earlier moment of the same boot
 * @param promised what callers of ADD were told and have not asked to be undone
 * @param node what the brain makes of it
 * @param kernel what the kernel has
 * @param cloud what EC2 has
 * @param calls how often EC2 was called
 */
public record Look(long monotonic, Ledger ledger, Optional<Ledger> written, Optional<Ledger> earlier,
    Optional<Map<AttachmentKey, List<IpAddress>>> promised, Optional<NodeLook> node, Optional<KernelLook> kernel, Optional<CloudLook> cloud,
    List<Calls> calls) {
  /**
   * Copies the collections.
   */
  public Look {
    promised = promised.map(p -> java.util.Collections.unmodifiableMap(new TreeMap<>(p)));
    calls = List.copyOf(calls);
  }

  /**
   * The calls of one action of EC2 in a window of time.
   *
   * @param action the action
   * @param calls how many there were
   * @param budget how many there may be
   */
  public record Calls(String action, long calls, long budget) {}

  /**
   * {@return a look at a ledger alone}
   * @param monotonic the moment
   * @param ledger the ledger
   */
  public static Look of(long monotonic, Ledger ledger) {
    return new Look(monotonic, ledger, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), List.of());
  }

  /**
   * {@return this look with the ledger's files}
   * @param files what they add up to
   */
  public Look withWritten(Ledger files) {
    return new Look(monotonic, ledger, Optional.of(files), earlier, promised, node, kernel, cloud, calls);
  }

  /**
   * {@return this look with an earlier ledger of the same boot}
   * @param before the earlier ledger
   */
  public Look withEarlier(Ledger before) {
    return new Look(monotonic, ledger, written, Optional.of(before), promised, node, kernel, cloud, calls);
  }

  /**
   * {@return this look with what callers were told}
   * @param told the addresses by attachment
   */
  public Look withPromised(Map<AttachmentKey, List<IpAddress>> told) {
    return new Look(monotonic, ledger, written, earlier, Optional.of(told), node, kernel, cloud, calls);
  }

  /**
   * {@return this look with what the brain makes of it}
   * @param seen what it does
   */
  public Look withNode(NodeLook seen) {
    return new Look(monotonic, ledger, written, earlier, promised, Optional.of(seen), kernel, cloud, calls);
  }

  /**
   * {@return this look with the kernel}
   * @param seen what it has
   */
  public Look withKernel(KernelLook seen) {
    return new Look(monotonic, ledger, written, earlier, promised, node, Optional.of(seen), cloud, calls);
  }

  /**
   * {@return this look with EC2}
   * @param seen what it has
   */
  public Look withCloud(CloudLook seen) {
    return new Look(monotonic, ledger, written, earlier, promised, node, kernel, Optional.of(seen), calls);
  }

  /**
   * {@return this look with calls of EC2}
   * @param counted how many there were
   */
  public Look withCalls(List<Calls> counted) {
    return new Look(monotonic, ledger, written, earlier, promised, node, kernel, cloud, counted);
  }
}
