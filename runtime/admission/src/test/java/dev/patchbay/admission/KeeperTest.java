package dev.patchbay.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The replicas have one identity. */
class KeeperTest {
  private static final ObjectRef SECRET = RuntimeNeeds.only(RuntimeNeeds.SECRET, "network");
  private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration LIFETIME = Duration.ofDays(10);

  private final FakeApi api = new FakeApi();
  private final Keeper one = keeper();
  private final Keeper other = keeper();

  private Keeper keeper() {
    return new Keeper(api, SECRET, new Renewal(new Certifier(), List.of("hooks.network.svc"), LIFETIME));
  }

  @Test
  void whoComesSecondTakesOverWhatIsThere() {
    assertThat(one.keep(BEGIN)).isTrue();
    assertThat(other.keep(BEGIN)).isTrue();
    assertThat(other.current()).isPresent().isEqualTo(one.current());
    assertThat(api.writes).isEqualTo(1);
  }

  @Test
  void ofTwoThatMakeOneAtOnceOneTakesOverTheOthers() {
    api.beforeWrite = () -> other.keep(BEGIN);
    assertThat(one.keep(BEGIN)).as("it was too late").isFalse();
    assertThat(one.current()).isPresent().isEqualTo(other.current());
    Instant later = BEGIN.plus(LIFETIME.multipliedBy(2).dividedBy(3));
    api.beforeWrite = () -> one.keep(later);
    other.keep(later);
    assertThat(other.current()).isPresent().isEqualTo(one.current());
    assertThat(api.writes).isEqualTo(2);
  }

  @Test
  void whatIsGoneOrSpoiltComesBackAsItWas() {
    one.keep(BEGIN);
    var was = one.current();
    api.objects.remove(SECRET);
    one.keep(BEGIN);
    assertThat(one.current()).isEqualTo(was);
    api.put(SECRET, Fields.empty().with("data", Fields.empty().with("tls.crt", "c3BvaWx0")));
    one.keep(BEGIN);
    other.keep(BEGIN);
    assertThat(other.current()).isEqualTo(was);
  }

  @Test
  void whatIsServedIsServedWhileTheApiServerIsAway() {
    one.keep(BEGIN);
    api.away = true;
    assertThatThrownBy(() -> one.keep(BEGIN)).isInstanceOf(ClusterException.class);
    assertThat(one.current()).isPresent();
  }
}
