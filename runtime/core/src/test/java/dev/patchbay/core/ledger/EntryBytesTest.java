package dev.patchbay.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of an entry is read back, in this version and the next, and what is no entry is refused. */
class EntryBytesTest {
  private static final List<Cidr> UNITS = List.of(Cidr.of("10.0.0.5/32"), Cidr.of("10.0.0.16/28"), Cidr.of("2001:db8::/80"));

  static Stream<Entry> entries() {
    return Stream.of(new Entry.Attached(Records.open("c1", "10.0.0.5", "10.0.0.6")),
        new Entry.Attached(Records.extra("c1", "net1", 1)),
        new Entry.Attached(Records.record(Records.key("c2"), Optional.empty(), 0, List.of(new HeldAddress(IpAddress.of("2001:db8::5"), "v6",
            Optional.empty(), "ipv6", Records.held("10.0.0.1").request())), AttachmentRecord.State.CLOSING)),
        new Entry.Marked(Records.key("c1"), AttachmentRecord.State.LIVE), new Entry.Told(Records.key("c1")),
        new Entry.Ended(Records.key("c1"), 30_000), new Entry.Cools(IpAddress.of("10.0.0.5"), 30_000),
        new Entry.Seen(Fields.empty().with("node", "i-1")), new Entry.Planned(Fields.empty().with("plan", List.of("a", "b"))),
        new Entry.EniIntended("t", "default"), new Entry.EniMade("t", "eni-1", "default"), new Entry.EniGone("t"),
        new Entry.UnitsIntended("eni-1"), new Entry.UnitsSettled("eni-1"), new Entry.UnitsMade("eni-1", UNITS),
        new Entry.ParticularMade("eni-1", IpAddress.of("10.0.0.7")), new Entry.UnitsGone("eni-1", UNITS),
        new Entry.UnitsLeaving("eni-1", UNITS), new Entry.UnitsLeft("eni-1", UNITS), new Entry.UnitsStay("eni-1", UNITS),
        new Entry.EniLeaving("eni-1"),
        new Entry.EniStays("eni-1"),
        new Entry.TypeLearned(new InstanceTypeRecord("x9.large", List.of(3, 4), 10, 20, true, true, 9, 8)),
        new Entry.TypeLearned(new InstanceTypeRecord("x1.small", List.of(2), 4, 0, false, false, 0, 0)),
        new Entry.Unknown(Fields.empty().with("entry", "of the future").with("part", "LIB").with("more", Fields.empty().with("n", 1))));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anEntryIsReadBack(Entry entry) {
    assertThat(Entry.of(entry.bytes())).isEqualTo(entry);
    assertThat(Entry.of(entry.bytes()).part()).isEqualTo(entry.part());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anEntryThatIsCutOffOrGoesOnIsNone(Entry entry) {
    byte[] bytes = entry.bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> Entry.of(cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> Entry.of(longer))
        .withMessage("an entry does not end where it should");
  }

  /** Nothing but what it says is thrown, whatever was altered. */
  @Test
  void whatWasAlteredIsAnEntryOrNone() {
    SplittableRandom random = new SplittableRandom(3);
    for (Entry entry : entries().toList()) {
      for (int n = 0; n < 300; n++) {
        byte[] bytes = entry.bytes();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        try {
          assertThat(Entry.of(bytes)).isNotNull();
        } catch (LedgerFormatException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    }
  }

  @Test
  void partsAreAsTheyMustBe() {
    assertThat(new Entry.Told(Records.key("c")).part()).isEqualTo(Entry.Part.RUN);
    assertThat(new Entry.EniGone("t").part()).isEqualTo(Entry.Part.LIB);
    assertThat(new Entry.Unknown(Fields.empty()).part()).isEqualTo(Entry.Part.RUN);
    assertThat(new Entry.Unknown(Fields.empty().with("part", "LIB")).part()).isEqualTo(Entry.Part.LIB);
  }

  /** These bytes are in files of others: they must never change. */
  @Test
  void theBytesStayAsTheyAre() {
    Fields fields = Fields.of(new TreeMap<>(Map.of("f", Fields.empty(), "l", List.of("x", 1L), "m", -1L, "n", 300L, "no", false, "t", "é",
        "yes", true, "z", Long.MIN_VALUE)));
    byte[] bytes = FieldsCodec.encode(fields);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0608" + "01660600" + "016c05020101780202" + "016d0201" + "016e02d804"
        + "026e6f04" + "01740102c3a9" + "0379657303" + "017a02ffffffffffffffffff01");
    assertThat(FieldsCodec.decode(bytes)).isEqualTo(fields);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
  void numbersOfAnySizeAreReadBack(long number) {
    Fields fields = Fields.empty().with("n", number);
    assertThat(FieldsCodec.decode(FieldsCodec.encode(fields)).number("n")).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "09", "0601", "060101", "0601016107", "06010161020a0a", "06ff", "0502010101", "0601016105ff01", "0103616263",
      "02ffffffffffffffffffff01", "06010161020180808080808080808080", "060101610280808080808080808080", "0601016101ff00"})
  void bytesThatAreNoTreeAreRefused(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> FieldsCodec.decode(bytes)).withMessageContaining("an entry");
  }

  @Test
  void aTreeHasADepthThatIsEnoughAndNoMore() {
    Fields deep = Fields.empty();
    for (int n = 0; n < 64; n++) {
      deep = Fields.empty().with("f", deep);
    }
    assertThat(FieldsCodec.decode(FieldsCodec.encode(deep))).isEqualTo(deep);
    Fields deeper = Fields.empty().with("f", deep);
    assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> FieldsCodec.decode(FieldsCodec.encode(deeper)))
        .withMessage("an entry is nested deeper than 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"told", "marked", "ended", "cools", "eni-intended", "eni-made", "eni-gone", "units-intended", "units-settled",
      "units-made", "particular-made", "units-gone", "units-leaving", "units-stay", "eni-leaving", "eni-stays", "type", "attached"})
  void anEntryThatLacksAFieldIsRefused(String name) {
    byte[] bytes = FieldsCodec.encode(Fields.empty().with("entry", name));
    assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> Entry.of(bytes)).withMessageContaining("an entry lacks a field");
  }

  @Test
  void aKeyIsReadBackWhateverTheSandboxIsCalled() {
    AttachmentKey odd = new AttachmentKey("a/b", "eth0");
    assertThat(AttachmentKey.of(odd.toString())).isEqualTo(odd);
    assertThatExceptionOfType(LedgerFormatException.class).isThrownBy(() -> AttachmentKey.of("none")).withMessageContaining("\"none\"");
    assertThat(Stream.of("b/eth0", "a/net1", "a/eth0").map(AttachmentKey::of).sorted().map(AttachmentKey::toString))
        .containsExactly("a/eth0", "a/net1", "b/eth0");
  }
}
