package dev.patchbay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.launch.LaunchContext;
import dev.patchbay.launch.ModeLoading;
import dev.patchbay.launch.ModuleFile;
import dev.patchbay.launch.ProgramLayer;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.store.Journal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code patchbay ledger} on files that are right, old, torn, altered, and no ledger at all. */
class LedgerCommandsTest {
  private static final AttachmentKey KEY = new AttachmentKey("c1", "eth0");
  private static final IpAddress ADDRESS = IpAddress.of("10.0.0.7");

  @TempDir
  private Path folder;

  private record Outcome(int exit, String out, String err) {}

  private record Launch(Path home, List<String> arguments) implements LaunchContext {
    @Override
    public List<String> layers() {
      return List.of();
    }

    @Override
    public CompletableFuture<ProgramLayer> layer(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public ModeLoading loadModes(List<ModuleFile> files) {
      return new ModeLoading(List.of(), List.of());
    }
  }

  private Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--run") && !all.contains("--lib")) {
      all.addAll(List.of("--run", run().toString(), "--lib", lib().toString()));
    }
    int exit = PatchbayProgram.run(new Launch(folder, all), new PrintWriter(out), new PrintWriter(err), Map.of(), false);
    assertThat(out + err.toString()).doesNotContain("\tat ").doesNotContain("failed in a way that it should not");
    return new Outcome(exit, out.toString(), err.toString());
  }

  private Path run() {
    return folder.resolve("run");
  }

  private Path lib() {
    return folder.resolve("lib");
  }

  @BeforeEach
  void aLedger() {
    HeldAddress held = new HeldAddress(ADDRESS, "default", Optional.of("eni-1"), "single", AddressRequest.fromChosenLane(AddressFamily.IPV4));
    AttachmentRecord record = new AttachmentRecord(KEY, Optional.empty(), 0, "patchbay", "shop", "cart", "uid", "/run/netns/c1", "eni123",
        "single@1", List.of(held), DatapathPlan.empty(), Map.of(), Fields.empty(), Fields.empty(), AttachmentRecord.State.OPEN, 0, 0);
    try (Journal lib = Journal.open(lib()).journal(); Journal run = Journal.open(run()).journal()) {
      lib.append(new Entry.EniMade("token-1", "eni-1", "default").bytes());
      lib.append(new Entry.UnitsMade("eni-1", List.of(ADDRESS.asCidr(), Cidr.of("10.0.1.0/28"))).bytes());
      run.append(new Entry.Attached(record).bytes());
      run.append(new Entry.Marked(KEY, AttachmentRecord.State.LIVE).bytes());
      run.append(new Entry.Cools(IpAddress.of("10.0.1.3"), Long.MAX_VALUE / 2).bytes());
    }
  }

  @Test
  void showSaysWhoHasWhatAndWhatIsOurs() {
    Outcome shown = run("ledger", "show");
    assertThat(shown.exit()).isZero();
    assertThat(shown.out()).contains("1 attachment").containsPattern("shop/cart +c1/eth0 +live +10.0.0.7").contains("Cooling down")
        .contains("10.0.1.3").containsPattern("eni-1 +lane default +10.0.0.7 10.0.1.0/28");
    assertThat(run("ledger", "show", "--json").out()).contains("\"attachment\": \"c1/eth0\"").contains("\"eni-1\": \"default\"");
  }

  @Test
  void historySaysWhatHappenedInItsOrder() {
    Outcome history = run("ledger", "history", "10.0.0.7");
    assertThat(history.exit()).isZero();
    assertThat(history.out().lines().map(l -> l.substring(0, 19).strip())).containsExactly("lib  record 2", "run  record 1", "run  record 2");
    assertThat(history.out()).contains("were assigned to eni-1 by us").contains("is being made for shop/cart").contains("is live");
    assertThat(run("ledger", "history", "10.0.1.3").out()).contains("cools down for");
    Outcome nothing = run("ledger", "history", "192.0.2.1");
    assertThat(nothing.exit()).isEqualTo(1);
    assertThat(nothing.out()).contains("says nothing of 192.0.2.1");
  }

  @Test
  void verifyFindsNothingInWhatIsRightAndEachAlteredByteOtherwise() throws IOException {
    assertThat(run("ledger", "verify")).satisfies(o -> {
      assertThat(o.exit()).isZero();
      assertThat(o.out()).contains("All is well");
    });
    Path segment = run().resolve("segment-0000000000000001");
    byte[] whole = Files.readAllBytes(segment);
    byte[] altered = whole.clone();
    altered[60] ^= 4;
    Files.write(segment, altered);
    Outcome damaged = run("ledger", "verify");
    assertThat(damaged.exit()).isEqualTo(1);
    assertThat(damaged.out()).contains("damaged segment-0000000000000001 at byte").contains("do: ");
    assertThat(run("ledger", "verify", "--json").out()).contains("\"well\": false").contains("\"kind\": \"ALTERED\"");
    assertThat(run("ledger", "show").exit()).isEqualTo(1);
  }

  @Test
  void whatIsNoLedgerIsToldInWords() throws IOException {
    Random random = new Random(1);
    Path segment = run().resolve("segment-0000000000000001");
    byte[] whole = Files.readAllBytes(segment);
    for (int i = 0; i < 40; i++) {
      byte[] rubbish = i % 2 == 0 ? new byte[random.nextInt(300)] : whole.clone();
      for (int n = 0; n < 1 + rubbish.length / (1 + i); n++) {
        if (rubbish.length > 0) {
          rubbish[random.nextInt(rubbish.length)] = (byte) random.nextInt();
        }
      }
      Files.write(segment, rubbish);
      for (String command : List.of("show", "verify")) {
        assertThat(run("ledger", command).exit()).isLessThanOrEqualTo(1);
      }
    }
    try (Journal other = Journal.open(folder.resolve("other")).journal()) {
      other.append("this is no entry".getBytes(StandardCharsets.UTF_8));
      other.append(new Entry.Cools(ADDRESS, 7).bytes());
    }
    Outcome none = run("ledger", "verify", "--run", folder.resolve("other").toString());
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).contains("Record 1 in").contains("is no entry of a ledger");
    assertThat(run("ledger", "show", "--run", folder.resolve("nosuch").toString()).err()).contains("There is no folder");
  }

  @Test
  void withoutADaemonAnAuditSaysWhatNeedsNone() {
    StringWriter err = new StringWriter();
    int exit = PatchbayProgram.run(new Launch(folder, List.of("audit", "--address", "127.0.0.1:1")), new PrintWriter(new StringWriter()),
        new PrintWriter(err), Map.of(), false);
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).contains("No daemon answers").contains("`patchbay ledger verify`");
  }
}
