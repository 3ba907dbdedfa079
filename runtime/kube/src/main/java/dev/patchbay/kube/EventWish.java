package dev.patchbay.kube;

import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.List;
import java.util.Optional;

/**
 * An Event that happened, once or several times.
 *
 * @param series where Events that happen again are counted
 * @param event the Event, as it was the last time
 * @param count how often it happened since it was written last
 */
record EventWish(EventSeries series, ObjectPlan.Event event, long count) implements Wish {
  /** What an Event has in common with those that it is counted with. */
  record Key(ObjectRef object, Code code) {}

  @Override
  public Object key() {
    return List.of("event", new Key(event.object(), event.code()));
  }

  @Override
  public ObjectKind kind() {
    return RuntimeNeeds.EVENT;
  }

  @Override
  public String what() {
    return "create and patch events";
  }

  @Override
  public Wish over(Wish older) {
    return new EventWish(series, event, count + ((EventWish) older).count);
  }

  @Override
  public Optional<Long> grant(ApiServer api) {
    return series.write(api, event, count);
  }
}
