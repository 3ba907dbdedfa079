package dev.patchbay.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldsTest {
  private final Fields fields = Fields.empty().with("text", "a").with("number", 7).with("truth", true)
      .with("inner", Fields.empty().with("x", "y")).with("texts", List.of("p", "q"))
      .with("list", List.of(Fields.empty().with("n", 1), Map.of("n", 2)));

  @Test
  void givesBackWhatWasPut() {
    assertThat(fields.text("text")).contains("a");
    assertThat(fields.number("number")).hasValue(7);
    assertThat(fields.isTrue("truth")).isTrue();
    assertThat(fields.fields("inner").required("x")).isEqualTo("y");
    assertThat(fields.texts("texts")).containsExactly("p", "q");
    assertThat(fields.list("list")).extracting(f -> f.number("n").orElseThrow()).containsExactly(1L, 2L);
  }

  @Test
  void whatIsNotThereOrOfAnotherTypeIsEmpty() {
    assertThat(fields.text("number")).isEmpty();
    assertThat(fields.number("text")).isEmpty();
    assertThat(fields.isTrue("text")).isFalse();
    assertThat(fields.fields("text")).isEqualTo(Fields.empty());
    assertThat(fields.texts("list")).isEmpty();
    assertThat(fields.list("nothing")).isEmpty();
    assertThat(fields.has("nothing")).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> fields.required("number")).withMessageContaining("number");
  }

  @Test
  void anIntIsALong() {
    assertThat(Fields.of(Map.of("n", 5))).isEqualTo(Fields.of(Map.of("n", 5L)));
    assertThat(Fields.of(Map.of("n", List.of(5)))).isEqualTo(Fields.of(Map.of("n", List.of(5L))));
  }

  @Test
  void equalityKnowsNoOrder() {
    Fields other = Fields.empty().with("b", "2").with("a", "1");
    assertThat(Fields.empty().with("a", "1").with("b", "2")).isEqualTo(other).hasSameHashCodeAs(other)
        .hasToString(other.toString());
  }

  @Test
  void nothingChangesItFromOutside() {
    List<Object> list = new ArrayList<>(List.of("p"));
    Map<String, Object> map = new HashMap<>(Map.of("k", "v"));
    Fields made = Fields.of(Map.of("list", list, "map", map));
    list.add("q");
    map.put("k", "w");
    assertThat(made.texts("list")).containsExactly("p");
    assertThat(made.fields("map").text("k")).contains("v");
    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> made.values().put("x", "y"));
    assertThat(made.values().values()).filteredOn(List.class::isInstance).singleElement().satisfies(value ->
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(((List<?>) value)::clear));
    assertThat(made.with("list", "text").texts("list")).isEmpty();
    assertThat(made.texts("list")).containsExactly("p");
    assertThat(made.without("list").has("list")).isFalse();
    assertThat(made.has("list")).isTrue();
  }

  @Test
  void holdsNothingElse() {
    assertThatIllegalArgumentException().isThrownBy(() -> Fields.of(Map.of("x", 1.5))).withMessageContaining("Double");
    assertThatIllegalArgumentException().isThrownBy(() -> Fields.empty().with("x", List.of(new Object())));
  }
}
