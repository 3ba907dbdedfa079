package dev.patchbay.core.brain;

import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws from blocks that are too large to count out, or that EC2 knows nothing of: goes round each block, so that an address is
 * used again as late as can be, and passes over what is held or cools down.
 */
final class RangeBook {
  /** The first address of a block names the network, and the last an old broadcast; neither is given out. */
  private static final int FIRST = 1;

  /** A block of more addresses is begun anywhere: who had which before a boot is known of none, and it is far to the next. */
  private static final long SMALL = 1 << 16;

  private final Map<Cidr, Long> cursors = new HashMap<>();
  private final SplittableRandom random;

  RangeBook(SplittableRandom random) {
    this.random = random;
  }

  Optional<IpAddress> draw(Cidr block, Ledger ledger, Set<IpAddress> drawn, long now) {
    long usable = block.size() - 2;
    // In a large block the first free one is near; in a small one the whole block is looked at.
    long tries = Math.min(usable, 1 << 16);
    Long known = cursors.get(block);
    long cursor = known != null ? known : usable > SMALL ? random.nextLong(usable) : 0;
    for (long n = 0; n < tries; n++) {
      IpAddress ip = block.at(FIRST + cursor % usable);
      cursor++;
      if (ledger.holder(ip).isEmpty() && !drawn.contains(ip) && ledger.coolUntil(ip).orElse(0L) <= now) {
        cursors.put(block, cursor);
        return Optional.of(ip);
      }
    }
    return Optional.empty();
  }
}
