package dev.patchbay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.SettingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModeUseTest {
  private static final Path FILE = Path.of("/p.yaml");
  private static final List<Setting> SETTINGS = List.of(
      Setting.number("warmIpTarget", "Addresses held.", 0, 100).withDefault(1),
      Setting.number("minimumIpTarget", "The least that is held.", 0, Long.MAX_VALUE),
      Setting.duration("hold", "How long.").withDefault(30_000L),
      Setting.truth("eager", "Whether at once.").withDefault(false),
      Setting.choice("order", "Which first.", "ordered", "most-free").withDefault("ordered"),
      Setting.text("label", "A label."),
      Setting.texts("zones", "Zones."),
      Setting.cidrs("pools", "Networks."),
      Setting.fields("extra", "Anything."));

  private static ModeUse mode(String yaml) {
    return ConfigurationFile.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8), Map.of()).forNode(Map.of()).modes().getFirst();
  }

  @Test
  void settingsAreCheckedTypedAndFilledWithDefaults() {
    ModeUse mode = mode("""
        modes:
          - use: x
            settings:
              minimumIpTarget: 7
              hold: 5m
              eager: true
              order: most-free
              label: "1"
              zones: [a, b]
              pools: [10.0.0.0/16, "fd00::/48"]
              extra: {a: {b: [1, {c: true}]}}
        """);

    assertThat(mode.settings(SETTINGS)).isEqualTo(Fields.empty()
        .with("warmIpTarget", 1).with("minimumIpTarget", 7).with("hold", 300_000).with("eager", true)
        .with("order", "most-free").with("label", "1").with("zones", List.of("a", "b"))
        .with("pools", List.of("10.0.0.0/16", "fd00::/48"))
        .with("extra", Fields.of(Map.of("a", Map.of("b", List.of(1, Map.of("c", true)))))));
    assertThat(mode.entries(SETTINGS)).extracting(e -> e.path() + " " + e.value() + " " + e.origin()).contains(
        "modes[0].settings.warmIpTarget 1 default", "modes[0].settings.hold 5m /p.yaml:5");
  }

  @Test
  void noSettingsMeansDefaults() {
    assertThat(mode("modes: [{use: x}]").settings(SETTINGS)).isEqualTo(Fields.empty()
        .with("warmIpTarget", 1).with("hold", 30_000).with("eager", false).with("order", "ordered"));
    assertThat(mode("modes: [{use: x, settings: }]").settings(List.of())).isEqualTo(Fields.empty());
  }

  @Test
  void everyMistakeIsToldWithItsLine() {
    ModeUse mode = mode("""
        modes:
          - use: x
            settings:
              warmIpTargt: 5
              warmIpTarget: 101
              minimumIpTarget: -1
              hold: 5
              eager: 1
              order: most-fre
              zones: a
              pools: [nowhere]
              colour: red
        """);
    ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> mode.settings(SETTINGS));

    assertThat(e.problems()).extracting(Problem::toString).containsExactly(
        "/p.yaml:4: the mode x has no setting warmIpTargt. Did you mean warmIpTarget?",
        "/p.yaml:5: modes[0].settings.warmIpTarget is out of range: 101. Write a whole number from 0 to 100.",
        "/p.yaml:6: modes[0].settings.minimumIpTarget is out of range: -1. Write a whole number, 0 or more.",
        "/p.yaml:7: modes[0].settings.hold: \"5\" is no time span. Add the unit: 5s for seconds, ms, m or h.",
        "/p.yaml:8: modes[0].settings.eager has to be true or false, and is the number 1. Write eager: true or eager: false,"
            + " without quotes.",
        "/p.yaml:9: modes[0].settings.order can't be most-fre. Did you mean most-free? It is one of ordered, most-free.",
        "/p.yaml:10: modes[0].settings.zones has to be a list of texts, and is the text \"a\". Write [a, b], or one line with"
            + " - for each.",
        "/p.yaml:11: modes[0].settings.pools[0]: \"nowhere\" is no IP address; write it like 10.0.1.2 or 2001:db8::1. Write a"
            + " network like 10.0.0.0/16 or fd00::/48.",
        "/p.yaml:12: the mode x has no setting colour. It has warmIpTarget, minimumIpTarget, hold, eager, order, label, zones,"
            + " pools, extra.");
  }

  @Test
  void settingsThatAreNoNamesAndValuesAreRefusedWithTheFile() {
    ConfigurationException e =
        catchThrowableOfType(ConfigurationException.class, () -> mode("modes: [{use: x, settings: [a]}]"));
    assertThat(e.problems()).extracting(Problem::toString).containsExactly(
        "/p.yaml:1: modes[0].settings has to be names and values, and is a list. Indent the names below settings.");
  }

  @Test
  void whatTheModeItselfRefusesGetsTheLine() {
    ModeUse mode = mode("""
        modes:
          - use: x
            settings:
              zones: []
        """);
    assertThat(mode.problem(new SettingException("zones", "the list is empty.", "Name a zone.")))
        .isEqualTo(new Problem(Codes.SETTING_INVALID, new Origin.InFile(FILE, 4, 14), "modes[0].settings.zones: the list is"
            + " empty.", "Name a zone."));
    assertThat(mode.problem(new SettingException("pools", "it is missing.", "Name one.")).origin())
        .hasToString("/p.yaml:2");
  }

  @Test
  void aModeThatNobodyProvidesIsToldWithWhatThereIs() {
    ModeUse mode = mode("modes: [{use: secondry-ip}]");
    assertThat(mode.unknown(Set.of("secondary-ip", "prefix"))).hasToString("/p.yaml:1: none of the modules that the"
        + " configuration names provides the mode secondry-ip. Did you mean secondary-ip?");
    assertThat(mode.unknown(Set.of("prefix"))).hasToString("/p.yaml:1: none of the modules that the configuration names"
        + " provides the mode secondry-ip. They provide prefix; name the file of its module under modules.");
    assertThat(mode.unknown(Set.of()).remedy()).isEqualTo("Name the file of its module under modules.");
  }
}
