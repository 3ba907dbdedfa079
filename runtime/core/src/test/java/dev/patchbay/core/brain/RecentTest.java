package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is remembered of pods that were refused; and addresses of blocks that need no call. */
class RecentTest {
  private static final Finding FULL = Finding.of(Codes.SUBNET_FULL, "full", "Make room.");

  private static AttachmentRequest request(String container, String pod, String device) {
    return new AttachmentRequest(new AttachmentKey(container, device), "n", "shop", pod, "u", "/run/netns/x", Fields.empty(), Map.of());
  }

  @Test
  void refusalsOfAPodAreCountedAndTheLatestComesFirst() {
    Recent recent = new Recent();
    recent.refused(request("c1", "cart", "eth0"), FULL, true, 10);
    recent.refused(request("c2", "till", "eth0"), FULL, true, 20);
    recent.refused(request("c3", "cart", "eth0"), FULL, false, 30);
    recent.refused(request("c3", "cart", "net1"), FULL, false, 40);
    assertThat(recent.refusals()).containsExactly(
        new Report.Refusal("shop/cart", "c3/net1", FULL, false, 1, 40, 40),
        new Report.Refusal("shop/cart", "c3/eth0", FULL, false, 2, 10, 30),
        new Report.Refusal("shop/till", "c2/eth0", FULL, true, 1, 20, 20));
  }

  @Test
  void theOldestRefusalsAreForgottenAndLongNamesCut() {
    Recent recent = new Recent();
    for (int n = 0; n < 101; n++) {
      recent.refused(request("c", "p" + n, "eth0"), FULL, true, n);
    }
    assertThat(recent.refusals()).hasSize(100);
    assertThat(recent.refusals().getFirst().pod()).isEqualTo("shop/p100");
    assertThat(recent.refusals().getLast().pod()).isEqualTo("shop/p1");
    recent.refused(request("c", "x".repeat(395), "eth0"), FULL, true, 0);
    assertThat(recent.refusals().getFirst().pod()).hasSize(400);
    recent.refused(request("c", "x".repeat(396), "eth0"), FULL, true, 0);
    assertThat(recent.refusals().getFirst().pod()).hasSize(403).endsWith("x...");
    recent.refused(request("c", "", "eth0"), FULL, true, 0);
    assertThat(recent.refusals().getFirst().pod()).isEqualTo("sandbox c");
  }

  @Test
  void aBlockGivesEachOfItsAddressesButTheFirstAndTheLast() {
    RangeBook book = new RangeBook(new SplittableRandom(1));
    Cidr block = Cidr.of("10.0.0.0/29");
    Ledger ledger = new Ledger();
    Set<IpAddress> drawn = new HashSet<>();
    for (int n = 1; n <= 6; n++) {
      IpAddress next = book.draw(block, ledger, drawn, 0).orElseThrow();
      assertThat(next).isEqualTo(IpAddress.of("10.0.0." + n));
      drawn.add(next);
    }
    assertThat(book.draw(block, ledger, drawn, 0)).isEmpty();
    drawn.remove(IpAddress.of("10.0.0.3"));
    ledger.apply(new Entry.Cools(IpAddress.of("10.0.0.3"), 10));
    assertThat(book.draw(block, ledger, drawn, 9)).isEmpty();
    assertThat(book.draw(block, ledger, drawn, 10)).contains(IpAddress.of("10.0.0.3"));
  }

  @Test
  void aLargeBlockBeginsAnywhereAndGoesOnFromThere() {
    RangeBook book = new RangeBook(new SplittableRandom(1));
    Cidr block = Cidr.of("2001:db8:0:1::/80");
    IpAddress first = book.draw(block, new Ledger(), Set.of(), 0).orElseThrow();
    assertThat(first).isNotEqualTo(block.at(1));
    assertThat(block.contains(first)).isTrue();
    assertThat(book.draw(block, new Ledger(), Set.of(), 0)).isEqualTo(Optional.of(first.plus(1)));
  }
}
