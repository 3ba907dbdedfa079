package dev.patchbay.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.cluster.admission.Registration;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.cluster.AdmissionDecision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API server is told what to ask, and it is taken back. */
class RegistrarTest {
  private static final ObjectRef MUTATING = RuntimeNeeds.only(RuntimeNeeds.MUTATING_WEBHOOKS, "");
  private static final ObjectRef VALIDATING = RuntimeNeeds.only(RuntimeNeeds.VALIDATING_WEBHOOKS, "");
  private static final List<Asked> ASKED = Deciding.by((request, objects) -> AdmissionDecision.allow());

  private final FakeApi api = new FakeApi();

  private Registrar registrar(List<Asked> asked) {
    return new Registrar(api, new Registration("network", "hooks", List.of("kube-system")), asked);
  }

  private Fields webhook(ObjectRef ref) {
    return api.read(ref).orElseThrow().content().list("webhooks").getFirst();
  }

  @Test
  void eachRuleIsAWebhook() {
    Registrar registrar = registrar(ASKED);
    assertThat(registrar.keep("QQ==")).isTrue();
    assertThat(webhook(MUTATING).text("name")).hasValue("change.some.patchbay.dev");
    assertThat(webhook(MUTATING).text("failurePolicy")).hasValue("Ignore");
    assertThat(webhook(MUTATING).fields("clientConfig").text("caBundle")).hasValue("QQ==");
    assertThat(webhook(MUTATING).fields("clientConfig").fields("service").text("path")).hasValue("/admit/some/change");
    assertThat(webhook(VALIDATING).text("failurePolicy")).hasValue("Fail");
    assertThat(webhook(VALIDATING).list("matchConditions").getFirst().text("expression")).hasValue(Deciding.CONDITION);
    assertThat(webhook(VALIDATING).toString()).contains("kube-system", "network", "NotIn").doesNotContain("reinvocationPolicy");
    assertThat(registrar.keep("QQ==")).isTrue();
    assertThat(api.writes).as("what is there is not written again").isEqualTo(2);
    assertThat(registrar.keep("Qg==")).isTrue();
    assertThat(webhook(VALIDATING).fields("clientConfig").text("caBundle")).hasValue("Qg==");
  }

  @Test
  void aRuleAboutASubresourceAsksAboutThatAlone() {
    Asked status = new Asked(ASKED.getLast().mode(), ASKED.getLast().rule().of("status"));
    registrar(List.of(ASKED.getLast(), status)).keep("QQ==");
    assertThat(api.read(VALIDATING).orElseThrow().content().list("webhooks")).extracting(w -> w.list("rules").getFirst().texts("resources"))
        .containsExactly(List.of("pods"), List.of("pods/status"));
  }

  @Test
  void whatOthersChangeIsBroughtBack() {
    Registrar registrar = registrar(ASKED);
    registrar.keep("QQ==");
    api.put(VALIDATING, Fields.empty().with("webhooks", List.of(webhook(VALIDATING).with("failurePolicy", "Ignore").with("added", "since"))));
    registrar.keep("QQ==");
    assertThat(webhook(VALIDATING).text("failurePolicy")).hasValue("Fail");
    api.objects.remove(MUTATING);
    registrar.keep("QQ==");
    assertThat(api.objects).containsKey(MUTATING);
  }

  @Test
  void anApiServerThatKnowsNoConditionsIsHeldUpByNothing() {
    api.keeping = content -> content.with("webhooks", content.list("webhooks").stream().map(w -> w.without("matchConditions")).toList());
    Registrar registrar = registrar(ASKED);
    assertThat(registrar.keep("QQ==")).isFalse();
    assertThat(registrar.keep("QQ==")).isTrue();
    assertThat(webhook(VALIDATING).text("failurePolicy")).hasValue("Ignore");
  }

  @Test
  void whatIsAskedNoMoreIsTakenBackAndOthersIsNot() {
    registrar(ASKED).keep("QQ==");
    api.put(VALIDATING, Fields.empty().with("webhooks", List.of(Fields.empty().with("name", "theirs.example.com"))));
    assertThat(registrar(List.of()).keep("")).isTrue();
    assertThat(api.objects).containsOnlyKeys(VALIDATING);
  }
}
