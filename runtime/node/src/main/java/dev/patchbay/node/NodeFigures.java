package dev.patchbay.node;

import dev.patchbay.core.brain.Report;
import dev.patchbay.core.ledger.Entry;
import dev.patchbay.node.engine.LedgerFiles;
import dev.patchbay.spi.Code;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Where the figures of a node come from.
 *
 * @param state gives the state
 * @param files the ledger on disk
 * @param entries gives how many entries a part of the ledger has
 * @param found what was found
 * @param events gives how many events the brain has yet to take
 * @param meters what is measured
 */
record NodeFigures(Supplier<Report> state, LedgerFiles files, Function<Entry.Part, Integer> entries, FindingLog found,
    IntSupplier events, Meters meters) implements Telemetry.Source {
  @Override
  public Report report() {
    return state.get();
  }

  @Override
  public Map<String, Telemetry.Ledger> ledger() {
    Map<String, Telemetry.Ledger> parts = new LinkedHashMap<>();
    for (Entry.Part part : Entry.Part.values()) {
      parts.put(part.name().toLowerCase(Locale.ROOT),
          new Telemetry.Ledger(entries.apply(part), files.bytes(part), files.written(part)));
    }
    return parts;
  }

  @Override
  public Map<Code, Long> appeared() {
    return found.appeared();
  }

  @Override
  public int backlog() {
    return events.getAsInt();
  }

  @Override
  public String version() {
    return Optional.ofNullable(NodeFigures.class.getModule().getDescriptor()).flatMap(d -> d.rawVersion()).orElse("unversioned");
  }

  @Override
  public void listen(Telemetry.Listener listener) {
    meters.listen(listener);
  }
}
