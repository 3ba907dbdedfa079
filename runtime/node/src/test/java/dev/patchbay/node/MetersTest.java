package dev.patchbay.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.node.cni.CniInput;
import dev.patchbay.spi.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final List<String> heard = new ArrayList<>();
  private final Telemetry.Listener listener = new Telemetry.Listener() {
    @Override
    public void answered(CniInput.Verb verb, Optional<Code> failure, long nanos) {
      heard.add(verb + " " + nanos);
    }

    @Override
    public void called(String action, CloudAnswer answer, long nanos) {
      heard.add(action + " " + nanos);
    }
  };

  @Test
  void whatCameBeforeTheListenerIsHeardFirst() {
    Meters meters = new Meters();
    meters.answered(CniInput.Verb.ADD, Optional.empty(), 1);
    meters.called("DescribeSubnets", new CloudAnswer.Done(), 2);
    meters.listen(listener);
    meters.answered(CniInput.Verb.DEL, Optional.empty(), 3);
    assertThat(heard).containsExactly("ADD 1", "DescribeSubnets 2", "DEL 3");
  }

  @Test
  void keptIsALimitedNumberAndNothingForNobody() {
    Meters meters = new Meters();
    for (int i = 0; i < 20_000; i++) {
      meters.answered(CniInput.Verb.ADD, Optional.empty(), i);
    }
    meters.listen(listener);
    assertThat(heard).hasSize(10_000);
    Meters silent = new Meters();
    silent.answered(CniInput.Verb.ADD, Optional.empty(), 1);
    silent.forget();
    silent.answered(CniInput.Verb.ADD, Optional.empty(), 2);
    heard.clear();
    silent.listen(listener);
    assertThat(heard).isEmpty();
  }
}
