package dev.patchbay.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void valuesAreReadByNameAndType() {
    Json json = Json.object("{\"a\":\"text\",\"n\":42,\"d\":1.5,\"t\":true,\"l\":[1,\"x\",null,{}],\"m\":{\"k\":\"v\"},\"z\":null}").orElseThrow();
    assertThat(json.text("a")).isEqualTo("text");
    assertThat(json.number("n")).isEqualTo(42);
    assertThat(json.text("n")).isEqualTo("42");
    assertThat(json.text("d")).isEqualTo("1.5");
    assertThat(json.isTrue("t")).isTrue();
    assertThat(json.texts("l")).isEqualTo(List.of("1", "x"));
    assertThat(json.members("m")).containsOnlyKeys("k");
    assertThat(json.at("z").exists()).isFalse();
  }

  @Test
  void whatIsMissingOrOfAnotherTypeIsEmpty() {
    Json json = Json.object("{\"a\":[],\"b\":{}}").orElseThrow();
    assertThat(json.text("a")).isEmpty();
    assertThat(json.number("a")).isZero();
    assertThat(json.list("b")).isEmpty();
    assertThat(json.at("no").at("such").list("thing")).isEmpty();
    assertThat(json.members("a")).isEmpty();
  }

  @Test
  void nothingInATextMovesTheCursor() {
    Json json = Json.object("{\"a\":\"\\u001b[2Jx\\n\\u202ey\\u0000\"}").orElseThrow();
    assertThat(json.text("a")).isEqualTo("\\u001b[2Jx\\u000a\\u202ey\\u0000");
  }

  @Test
  void longTextsAreCut() {
    assertThat(Json.object("{\"a\":\"" + "x".repeat(20_000) + "\"}").orElseThrow().text("a")).hasSizeLessThan(4_100).endsWith("(20000 characters)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "7", "\"x\"", "{", "{\"a\":", "<html>", "\u0000\u0001", "{a:1}", "[1,2", "tru"})
  void whatIsNoJsonIsRefused(String text) {
    assertThat(Json.value(text)).isEmpty();
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertThat(Json.object("{\"a\":" + "[".repeat(2_000_000))).isEmpty();
    assertThat(Json.object("{\"a\":".repeat(1_000_000))).isEmpty();
  }
}
