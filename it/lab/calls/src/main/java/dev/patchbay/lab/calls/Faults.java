package dev.patchbay.lab.calls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a lab, all services together: what was asked for and is not over. Of those that fit a call, the first one
 * decides. Thread-safe.
 *
 * <p>Whoever made it closes it; faults that last end then without being undone, since what they are of ends too.
 */
public final class Faults implements AutoCloseable {
  /**
   * A fault that holds.
   *
   * @param id what to take it back by
   * @param fault the fault
   * @param since when it was asked for
   * @param struck how many calls it has struck
   */
  public record Standing(int id, Fault fault, Instant since, int struck) {}

  /**
   * A fault that strikes a call.
   *
   * @param effect what happens
   * @param text the fault's text form
   */
  public record Strike(Effect effect, String text) {}

  private static final class Rule {
    final int id;
    final Fault fault;
    final Instant since;
    final Instant until;
    final SplittableRandom random;
    final Runnable undo;
    int seen;
    int struck;

    Rule(int id, Fault fault, Instant since, Runnable undo) {
      this.id = id;
      this.fault = fault;
      this.since = since;
      this.undo = undo;
      until = fault.extent().time().map(since::plus).orElse(Instant.MAX);
      random = new SplittableRandom(fault.extent().seed());
    }

    boolean strikes() {
      if (seen++ < fault.extent().after()) {
        return false;
      }
      if (fault.extent().chance() < 1 && random.nextDouble() >= fault.extent().chance()) {
        return false;
      }
      struck++;
      return true;
    }

    boolean spent() {
      return fault.extent().calls().isPresent() && struck >= fault.extent().calls().getAsInt();
    }
  }

  private final InstantSource clock;
  private final Map<String, Breakable> services = new TreeMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable ScheduledExecutorService timer;
  private int last;

  /**
   * No faults at first.
   *
   * @param clock measures how long faults last
   */
  public Faults(InstantSource clock) {
    this.clock = clock;
  }

  /** Makes a service known. One of the same name that was known before is replaced. */
  public synchronized void serve(Breakable service) {
    services.put(service.service(), service);
  }

  /** The services that show faults, by name. */
  public synchronized Map<String, Breakable> services() {
    return Map.copyOf(services);
  }

  /**
   * Asks for a fault by its text form.
   *
   * @throws IllegalArgumentException if it is none, or the service can't show it; the message says why
   */
  public Standing add(String fault) {
    return add(Fault.parse(fault));
  }

  /**
   * Asks for a fault. What happens at once has happened when this returns.
   *
   * @throws IllegalArgumentException if the service can't show it; the message says why
   */
  public Standing add(Fault fault) {
    Breakable service = known(fault);
    service.check(fault);
    Runnable undo =
        fault.effect() instanceof Effect.Act(String word, String argument) ? service.act(word, argument) : () -> {};
    return hold(fault, undo);
  }

  private Breakable known(Fault fault) {
    Breakable service = services().get(fault.target().service());
    if (service == null) {
      throw new IllegalArgumentException(
          "there is no service " + fault.target().service() + " here; there are " + new TreeSet<>(services().keySet()));
    }
    String word = fault.effect().word();
    boolean can = fault.effect().strikesCalls() ? service.words().contains(word) : service.acts().containsKey(word);
    if (!can) {
      TreeSet<String> all = new TreeSet<>(service.words());
      all.addAll(service.acts().keySet());
      throw new IllegalArgumentException(service.service() + " knows no fault '" + word + "'; it knows " + all);
    }
    return service;
  }

  private synchronized Standing hold(Fault fault, Runnable undo) {
    Rule rule = new Rule(++last, fault, clock.instant(), undo);
    rules.add(rule);
    if (!fault.effect().strikesCalls()) {
      fault.extent().time().ifPresent(this::lookAgain);
    }
    return standing(rule);
  }

  /** What was asked for and is not over, in the order in which it was asked for. */
  public List<Standing> standing() {
    end(rule -> false);
    synchronized (this) {
      return rules.stream().map(Faults::standing).toList();
    }
  }

  private static Standing standing(Rule rule) {
    return new Standing(rule.id, rule.fault, rule.since, rule.struck);
  }

  /** Takes a fault back; whether it was still there. */
  public boolean remove(int id) {
    return end(rule -> rule.id == id) > 0;
  }

  /** Takes all faults back. */
  public void clear() {
    end(rule -> true);
  }

  /** Which fault strikes a call, if one does; for the services, once for each call. */
  public Optional<Strike> strike(String service, String action, String caller) {
    end(rule -> false);
    synchronized (this) {
      for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
        Rule rule = each.next();
        boolean meant = rule.fault.effect().strikesCalls() && rule.fault.target().matches(service, action, caller);
        if (meant && rule.strikes()) {
          if (rule.spent()) {
            each.remove();
          }
          return Optional.of(new Strike(rule.fault.effect(), rule.fault.toString()));
        }
      }
      return Optional.empty();
    }
  }

  @FunctionalInterface
  private interface Choice {
    boolean of(Rule rule);
  }

  /** Ends those chosen and those whose time is over; undoing is done without the lock, since it calls services. */
  private int end(Choice choice) {
    List<Rule> ended = new ArrayList<>();
    int chosen = 0;
    synchronized (this) {
      Instant now = clock.instant();
      for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
        Rule rule = each.next();
        boolean picked = choice.of(rule);
        if (picked || !now.isBefore(rule.until)) {
          each.remove();
          ended.add(rule);
          chosen += picked ? 1 : 0;
        }
      }
    }
    ended.forEach(rule -> rule.undo.run());
    return chosen;
  }

  private void lookAgain(Duration later) {
    ScheduledExecutorService waiting = timer;
    if (waiting == null) {
      waiting = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lab-faults").factory());
      timer = waiting;
    }
    var unused = waiting.schedule(this::endDue, later.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends what is due, and looks again for what is not: the clock may have been set back. */
  private void endDue() {
    try {
      end(rule -> false);
    } catch (RuntimeException e) {
      System.getLogger(Faults.class.getName()).log(System.Logger.Level.ERROR, "Lab: a fault could not be undone", e);
    }
    synchronized (this) {
      Instant now = clock.instant();
      rules.stream()
          .filter(rule -> !rule.fault.effect().strikesCalls() && rule.until.isBefore(Instant.MAX))
          .map(rule -> Duration.between(now, rule.until))
          .min(Duration::compareTo)
          .ifPresent(left -> lookAgain(left.isPositive() ? left : Duration.ofMillis(1)));
    }
  }

  @Override
  public synchronized void close() {
    rules.clear();
    if (timer != null) {
      timer.shutdownNow();
    }
  }
}
