package dev.patchbay.it.adapters;

import dev.patchbay.core.objects.ClusterListener;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps what is heard of the API server. Thread-safe. */
final class Heard implements ClusterListener {
  private final Map<ObjectRef, ObjectRecord> objects = new HashMap<>();
  private final Map<ObjectKind, Boolean> heard = new HashMap<>();
  private final Map<String, Finding> told = new TreeMap<>();
  private final List<String> log = new ArrayList<>();

  @Override
  public synchronized void seen(ObjectRecord object) {
    objects.put(object.ref(), object);
    log.add("seen " + object.ref());
  }

  @Override
  public synchronized void gone(ObjectRef ref) {
    objects.remove(ref);
    log.add("gone " + ref);
  }

  @Override
  public synchronized void heard(ObjectKind kind, boolean well) {
    heard.put(kind, well);
    log.add((well ? "heard " : "unheard ") + kind);
  }

  @Override
  public synchronized void told(String about, Optional<Finding> finding) {
    finding.ifPresentOrElse(f -> told.put(about, f), () -> told.remove(about));
    log.add("told " + finding.map(f -> f.code().name()).orElse("that it is over"));
  }

  synchronized Optional<ObjectRecord> object(ObjectRef ref) {
    return Optional.ofNullable(objects.get(ref));
  }

  synchronized List<String> names(ObjectKind kind) {
    return objects.keySet().stream().filter(r -> r.kind().equals(kind)).map(ObjectRef::name).sorted().toList();
  }

  synchronized boolean hears(ObjectKind kind) {
    return heard.getOrDefault(kind, false);
  }

  synchronized List<Finding> findings() {
    return List.copyOf(told.values());
  }

  synchronized boolean tells(String code) {
    return told.values().stream().anyMatch(f -> f.code().name().equals(code));
  }

  synchronized List<String> log() {
    return List.copyOf(log);
  }

  synchronized void forget() {
    log.clear();
  }
}
