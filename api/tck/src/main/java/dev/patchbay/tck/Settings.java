package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What can be asked of one setting.
 */
final class Settings {
  static final Set<String> VERBS = Set.of("get", "list", "watch", "create", "update", "patch", "delete");

  private Settings() {}

  /** Its range and its default are sound. */
  static void check(Setting setting) {
    String name = setting.name();
    switch (setting.type()) {
      case NUMBER -> {
        assertThat(setting.least()).as("least value of %s: a range that means something", name).isNotEqualTo(Long.MIN_VALUE);
        assertThat(setting.most()).as("greatest value of %s: a range that means something", name).isNotEqualTo(Long.MAX_VALUE)
            .isGreaterThan(setting.least());
        setting.defaultValue().ifPresent(value -> assertThat((Long) value).as("default of %s", name)
            .isBetween(setting.least(), setting.most()));
      }
      case CHOICE -> {
        assertThat(setting.choices()).as("choices of %s", name).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        setting.defaultValue().ifPresent(value -> assertThat(setting.choices()).as("choices of %s", name)
            .contains((String) value));
      }
      case DURATION -> setting.defaultValue().ifPresent(value -> assertThat((Long) value).as("default of %s, in ms", name)
          .isNotNegative());
      case CIDRS -> setting.defaultValue().ifPresent(value -> assertThat((List<?>) value).as("default of %s", name)
          .allSatisfy(text -> Cidr.of((String) text)));
      case TEXT -> isA(setting, String.class);
      case TRUTH -> isA(setting, Boolean.class);
      case TEXTS -> isA(setting, List.class);
      case FIELDS -> isA(setting, dev.patchbay.spi.Fields.class);
    }
  }

  private static void isA(Setting setting, Class<?> type) {
    setting.defaultValue().ifPresent(value -> assertThat(value).as("default of %s", setting.name()).isInstanceOf(type));
  }

  /** Values that configuration may hold and that lie at the edge. */
  static List<Object> bounds(Setting setting) {
    List<Object> bounds = new ArrayList<>();
    switch (setting.type()) {
      case NUMBER -> {
        bounds.add(setting.least());
        bounds.add(setting.most());
      }
      case CHOICE -> bounds.addAll(setting.choices());
      case TRUTH -> bounds.addAll(List.of(true, false));
      case DURATION -> bounds.addAll(List.of(0L, 86_400_000L));
      case TEXT -> bounds.addAll(List.of("", "x"));
      case TEXTS -> bounds.addAll(List.of(List.of(), List.of("x", "x")));
      case CIDRS -> bounds.addAll(List.of(List.of(), List.of("0.0.0.0/0", "::/0"), List.of("10.1.2.3/32")));
      case FIELDS -> bounds.add(dev.patchbay.spi.Fields.empty());
    }
    return bounds;
  }
}
