package dev.patchbay.admission;

import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.object.ObjectPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An API server that keeps objects, each with a version. */
final class FakeApi implements ClusterClient {
  final Map<ObjectRef, ObjectRecord> objects = new HashMap<>();
  UnaryOperator<Fields> keeping = UnaryOperator.identity();
  Runnable beforeWrite = () -> { };
  boolean away;
  int writes;
  private long version;

  void put(ObjectRef ref, Fields content) {
    objects.put(ref, new ObjectRecord(ref, "uid", String.valueOf(++version), Map.of(), Map.of(), content));
  }

  private void ask() {
    if (away) {
      throw new ClusterException("The API server is away.", new IllegalStateException());
    }
  }

  @Override
  public Optional<ObjectRecord> read(ObjectRef ref) {
    ask();
    return Optional.ofNullable(objects.get(ref));
  }

  @Override
  public Optional<ObjectRecord> write(ObjectRef ref, String resourceVersion, Fields content) {
    ask();
    Runnable first = beforeWrite;
    beforeWrite = () -> { };
    first.run();
    if (!read(ref).map(ObjectRecord::resourceVersion).orElse("").equals(resourceVersion)) {
      return Optional.empty();
    }
    writes++;
    put(ref, keeping.apply(content));
    return read(ref);
  }

  @Override
  public boolean delete(ObjectRef ref, String resourceVersion) {
    if (read(ref).filter(object -> !object.resourceVersion().equals(resourceVersion)).isPresent()) {
      return false;
    }
    objects.remove(ref);
    return true;
  }

  @Override
  public void publish(ObjectPlan plan) {
    throw new AssertionError("nothing is published");
  }

  @Override
  public void withdraw() {
    throw new AssertionError("nothing is published");
  }

  @Override
  public List<String> lacking(List<Needs.ObjectRule> rules) {
    throw new AssertionError("nobody asks for rights");
  }

  @Override
  public void close() {}
}
