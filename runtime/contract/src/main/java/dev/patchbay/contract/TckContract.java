package dev.patchbay.contract;

import dev.patchbay.cli.ContractTests;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.tck.ContractRule;
import dev.patchbay.tck.ModeUnderTest;
import dev.patchbay.tck.view.TestObject;
import dev.patchbay.tck.view.TestPod;
import java.util.List;
import java.util.Optional;

/** The contract as the API publishes it. */
public final class TckContract implements ContractTests {
  /** Found as a service. */
  public TckContract() {}

  @Override
  public List<Rule> rules() {
    return ContractRule.all().stream().<Rule>map(Told::new).toList();
  }

  private static ModeUnderTest underTest(NetworkModeProvider provider, List<? extends ObjectView> objects) {
    ModeUnderTest mode = ModeUnderTest.of(provider);
    for (ObjectView object : objects) {
      mode = object.ref().kind().equals(ObjectKind.POD) ? mode.withPod(pod(object)) : mode.withObject(object);
    }
    return mode;
  }

  private static TestPod pod(ObjectView object) {
    return TestPod.named(object.ref().name()).inNamespace(object.ref().namespace()).withObject(plain -> {
      TestObject told = plain.withContent(object.content());
      for (var label : object.labels().entrySet()) {
        told = told.withLabel(label.getKey(), label.getValue());
      }
      for (var annotation : object.annotations().entrySet()) {
        told = told.withAnnotation(annotation.getKey(), annotation.getValue());
      }
      return told;
    });
  }

  private record Told(ContractRule rule) implements Rule {
    @Override
    public String name() {
      return rule.name();
    }

    @Override
    public String words() {
      return rule.words();
    }

    @Override
    public boolean isAboutTheTrial() {
      return rule.isAboutTheTrial();
    }

    @Override
    public Optional<Throwable> breach(NetworkModeProvider provider, List<? extends ObjectView> objects) {
      return rule.breach(underTest(provider, objects));
    }
  }
}
