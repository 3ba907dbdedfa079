package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Draws the addresses of an interface, each from the source that its mode has for the lane, all or none. */
final class Draws {
  private final Context context;
  private final Function<String, Optional<Finding>> hopeless;
  private final Particular particular;
  private final NodeWork work;

  /**
   * Makes it.
   *
   * @param context the brain's context
   * @param hopeless why no address will come for a want, if none will
   * @param particular asks EC2 for particular addresses
   * @param work plans the node
   */
  Draws(Context context, Function<String, Optional<Finding>> hopeless, Particular particular, NodeWork work) {
    this.context = context;
    this.hopeless = hopeless;
    this.particular = particular;
    this.work = work;
  }

  /** What came of a draw. */
  sealed interface Outcome {
    /** All were drawn. */
    record Drawn(List<HeldAddress> held) implements Outcome {}

    /** None were: one has to be waited for. */
    record Dry(String want, Finding reason) implements Outcome {}

    /** None were, and none will come. */
    record Impossible(Finding reason, boolean later) implements Outcome {}

    /** All are reserved for the interface; some must be asked of EC2 first. */
    record Asked(List<HeldAddress> held, List<HeldAddress> missing) implements Outcome {}
  }

  /** One address that a mode wishes for. */
  private record Wish(ModeInstance mode, AddressRequest request) {
    private String lane() {
      return request.lane().orElseThrow();
    }

    private AddressFamily family() {
      return request.family();
    }

    private HeldAddress fulfilled(IpAddress ip, Optional<String> eni) {
      return new HeldAddress(ip, lane(), eni, mode.id(), request);
    }
  }

  private static List<Wish> wishes(Part part) {
    List<Wish> wishes = new ArrayList<>();
    for (AttachmentPlanning.Share share : part.draft().shares()) {
      share.requests().forEach(r -> wishes.add(new Wish(share.mode(), r)));
    }
    return wishes;
  }

  private Optional<AddressSource> source(Wish wish) {
    return context.plan.source(wish.mode().id(), wish.lane(), wish.family());
  }

  /** What an interface waits for: lane and family, a slot for a particular address, or the address itself. */
  List<String> wants(Part part) {
    return wishes(part).stream().map(this::want).toList();
  }

  private String want(Wish wish) {
    Optional<AddressSource> source = source(wish);
    if (source.isPresent() && source.get() instanceof AddressSource.OnDemand) {
      return Wants.slot(wish.lane(), wish.family());
    }
    return wish.request().particular().map(IpAddress::toString).orElse(Wants.stock(wish.lane(), wish.family()));
  }

  Outcome draw(Part part) {
    List<HeldAddress> held = new ArrayList<>();
    List<HeldAddress> missing = new ArrayList<>();
    for (Wish wish : wishes(part)) {
      Outcome one = draw(part, wish);
      switch (one) {
        case Outcome.Drawn d -> held.addAll(d.held());
        case Outcome.Asked a -> {
          held.addAll(a.held());
          missing.addAll(a.missing());
        }
        case Outcome.Dry _, Outcome.Impossible _ -> {
          missing.forEach(particular::forget);
          putBack(held);
          return one;
        }
      }
      held.forEach(h -> context.drawn.put(h.address(), part.key));
    }
    if (!held.isEmpty()) {
      context.stale();
    }
    return missing.isEmpty() ? new Outcome.Drawn(List.copyOf(held)) : new Outcome.Asked(List.copyOf(held), missing);
  }

  private Outcome draw(Part part, Wish wish) {
    Optional<AddressSource> source = source(wish);
    if (source.isEmpty() && context.plan.lanes().isEmpty()) {
      return dry(wish, "the node's lanes are being planned.", "Wait; if it lasts, `patchbay status` shows what is missing.");
    }
    if (source.isEmpty() && !isPlannedFor(part)) {
      return dry(wish, "the node is being planned with the lane " + wish.lane() + ", which this pod is the first to ask for.",
          "Wait; if it lasts, `patchbay status` shows what is missing.");
    }
    if (source.isEmpty()) {
      return impossible("An address of lane " + wish.lane() + " and family " + wish.family() + " is asked for, and nothing supplies "
          + "that lane.", "Check the modes' settings; `patchbay status` lists the lanes.");
    }
    Optional<IpAddress> wanted = wish.request().particular();
    if (wanted.isPresent()) {
      Optional<Outcome> taken = taken(wish, wanted.get());
      if (taken.isPresent()) {
        return taken.get();
      }
    }
    return switch (source.get()) {
      case AddressSource.Stock stock -> fromStock(wish, stock);
      case AddressSource.Range range -> fromRange(wish, range);
      case AddressSource.Given _ -> wanted.isPresent() ? drawn(wish, wanted.get(), wish.request().eni()) : unnamed(wish);
      case AddressSource.OnDemand _ -> wanted.isPresent() ? onDemand(wish, wanted.get()) : unnamed(wish);
    };
  }

  /** Pods don't have the node planned again; one that asks for a lane that is not there does. */
  private boolean isPlannedFor(Part part) {
    if (part.planOfNode == 0) {
      part.planOfNode = work.planAnew();
    }
    return work.isPlanned(part.planOfNode);
  }

  private static Outcome drawn(Wish wish, IpAddress ip, Optional<String> eni) {
    return new Outcome.Drawn(List.of(wish.fulfilled(ip, eni)));
  }

  private static Outcome impossible(String cause, String remedy) {
    return new Outcome.Impossible(Finding.of(BrainCodes.REQUEST_IMPOSSIBLE, cause, remedy), false);
  }

  private static Outcome unnamed(Wish wish) {
    return impossible("Lane " + wish.lane() + " has addresses that are told apart, and " + wish.mode().id() + " did not say which.",
        "This is a defect of the mode: report it to its maker.");
  }

  private Outcome dry(Wish wish, String cause, String remedy) {
    return new Outcome.Dry(want(wish), Finding.of(Codes.ADDRESS_WAIT_EXPIRED, cause, remedy));
  }

  /** Whether a particular address is somebody's, or was until a moment ago. */
  private Optional<Outcome> taken(Wish wish, IpAddress ip) {
    Optional<AttachmentKey> holder = context.ledger.holder(ip).or(() -> Optional.ofNullable(context.drawn.get(ip)));
    if (holder.isPresent()) {
      return Optional.of(new Outcome.Dry(ip.toString(), Finding.of(Codes.ADDRESS_WAIT_EXPIRED, ip + " is still held by "
          + holder.get() + ".", "It is given as soon as that attachment has ended.")));
    }
    long until = context.ledger.coolUntil(ip).orElse(0L);
    if (until > context.millis()) {
      context.wakeAt(until);
      return Optional.of(new Outcome.Dry(ip.toString(), Finding.of(Codes.ADDRESS_WAIT_EXPIRED, ip + " cools down for "
          + (until - context.millis()) / 1000 + " s yet.", "Wait.")));
    }
    return Optional.empty();
  }

  private Outcome fromStock(Wish wish, AddressSource.Stock stock) {
    Optional<IpAddress> wanted = wish.request().particular();
    if (wanted.isPresent()) {
      return context.book.drawThis(wish.lane(), wanted.get()).map(d -> drawn(wish, d.address(), Optional.of(d.eniId())))
          .orElseGet(() -> impossible(wanted.get() + " is asked for, and it is not among the free addresses of lane " + wish.lane()
              + " on this node.", "Let the pod do with any address, or take a mode that fetches particular ones."));
    }
    Optional<AddressBook.Drawn> drawn = context.book.draw(wish.lane(), wish.family(), Kinds.preferred(stock));
    if (drawn.isPresent()) {
      return drawn(wish, drawn.get().address(), Optional.of(drawn.get().eniId()));
    }
    Optional<Finding> never = hopeless.apply(want(wish));
    if (never.isPresent()) {
      return new Outcome.Impossible(never.get(), true);
    }
    AddressBook.Counts c = context.book.counts(wish.lane(), wish.family());
    return dry(wish, "lane " + wish.lane() + " has no free " + wish.family() + " address now: " + c.held() + " are held, "
        + c.cooling() + " cool down, more are being fetched where the instance has room.",
        "Wait; if it lasts, see `patchbay explain NODE`.");
  }

  private Outcome fromRange(Wish wish, AddressSource.Range range) {
    Optional<Cidr> block = range.block();
    Optional<String> eni = Optional.empty();
    if (block.isEmpty()) {
      NodeFacts facts = context.facts().orElseThrow();
      for (NodeFacts.Eni candidate : facts.enis()) {
        Optional<Cidr> prefix = candidate.lane().equals(Optional.of(wish.lane())) ? candidate.record().prefixes().stream()
            .filter(p -> p.family() == wish.family() && p.length() == range.length()).findFirst() : Optional.empty();
        if (prefix.isPresent() && context.book.isReady(candidate.id())) {
          block = prefix;
          eni = Optional.of(candidate.id());
          break;
        }
      }
    }
    if (block.isEmpty()) {
      Optional<Finding> never = hopeless.apply(want(wish));
      return never.<Outcome>map(f -> new Outcome.Impossible(f, true)).orElseGet(() -> dry(wish, "lane " + wish.lane() + " has no /"
          + range.length() + " prefix on its interface yet; it is being asked for.",
          "Wait; if it lasts, see `patchbay explain NODE`."));
    }
    Optional<IpAddress> wanted = wish.request().particular();
    if (wanted.isPresent()) {
      return block.get().contains(wanted.get()) ? drawn(wish, wanted.get(), eni)
          : impossible(wanted.get() + " is asked for, and it is not in " + block.get() + ".", "Ask for one that is.");
    }
    Optional<IpAddress> ip = context.ranges.draw(block.get(), context.ledger, context.drawn.keySet(), context.millis());
    if (ip.isEmpty()) {
      context.ledger.nextCooled(context.millis()).ifPresent(context::wakeAt);
      return dry(wish, "all addresses of " + block.get() + " are held or cool down.",
          "Wait until one has cooled down, or run fewer pods.");
    }
    return drawn(wish, ip.get(), eni);
  }

  private Outcome onDemand(Wish wish, IpAddress ip) {
    for (NodeFacts.Eni own : context.facts().orElseThrow().enis()) {
      if (own.record().primary().equals(Optional.of(ip))) {
        return impossible(ip + " is asked for, and it is the own address of the interface " + own.id() + ".", "Ask for another address.");
      }
    }
    if (context.book.isLeaving(ip) || leaves(ip)) {
      // Whether EC2 has done what it was asked may not be known yet.
      return new Outcome.Dry(ip.toString(), Finding.of(Codes.ADDRESS_WAIT_EXPIRED, ip + " is being given back to EC2 at the moment.",
          "It is fetched anew as soon as that is over."));
    }
    // Of the stock it may be too, by chance; then it is taken out of it.
    Optional<AddressBook.Drawn> there = context.book.drawThis(wish.lane(), ip);
    Optional<Finding> wait = there.isPresent() ? Optional.empty() : context.book.has(ip) ? Optional.of(Finding.of(
        Codes.ADDRESS_WAIT_EXPIRED, ip + " lies on an interface that lane " + wish.lane() + " can't use at the moment.",
        "Wait; if it lasts, see `patchbay explain NODE`.")) : particular.notYet(ip);
    if (wait.isPresent()) {
      return new Outcome.Dry(ip.toString(), wait.get());
    }
    Optional<String> eni = there.map(AddressBook.Drawn::eniId).or(() -> particular.slot(wish.lane(), wish.family()));
    if (eni.isEmpty()) {
      Optional<Finding> never = hopeless.apply(want(wish));
      return never.<Outcome>map(f -> new Outcome.Impossible(f, true)).orElseGet(() -> dry(wish, "no interface of lane " + wish.lane()
          + " has room for " + ip + " now; room is being made.", "Wait; if it lasts, see `patchbay explain NODE`."));
    }
    HeldAddress held = wish.fulfilled(ip, eni);
    // What somebody else put there stays stock, and what is part of a prefix does too: it is never given back alone.
    if (there.isPresent()
        && (context.ledger.isParticular(eni.get(), ip) || !context.ledger.ours(eni.get(), ip.asCidr()))) {
      return new Outcome.Drawn(List.of(held));
    }
    if (there.isEmpty()) {
      particular.reserve(held);
    }
    return new Outcome.Asked(List.of(held), List.of(held));
  }

  /** Whether the ledger has it as on its way off an interface; the node's facts may have left it out already. */
  private boolean leaves(IpAddress ip) {
    return context.facts().orElseThrow().enis().stream().anyMatch(e -> context.ledger.leaving(e.id()).contains(ip.asCidr()));
  }

  /** What came of asking EC2. */
  interface Asking {
    /** All are there. */
    void done(List<HeldAddress> held);

    /** One is not, and none is held. */
    void failed(Finding reason);

    /** Of one nobody knows yet, and none is held: they are to be drawn again. */
    void unsure();

    /** The disk stands still; one of the others follows when it goes on. */
    void stuck();
  }

  /** Asks EC2 for particular addresses, one after the other. */
  void onDemand(Outcome.Asked asked, Asking then) {
    next(asked, new ArrayDeque<>(asked.missing()), then);
  }

  private void next(Outcome.Asked asked, Deque<HeldAddress> rest, Asking then) {
    HeldAddress next = rest.pollFirst();
    if (next == null) {
      then.done(asked.held());
      return;
    }
    particular.fetch(next, new Particular.Fetched() {
      @Override
      public void done() {
        next(asked, rest, then);
      }

      @Override
      public void failed(Finding reason) {
        giveUp();
        then.failed(reason);
      }

      @Override
      public void unsure() {
        giveUp();
        then.unsure();
      }

      @Override
      public void stuck() {
        then.stuck();
      }

      private void giveUp() {
        rest.forEach(particular::forget);
        putBack(asked.held());
      }
    });
  }

  /** The ledger knows of them now. */
  void settle(List<HeldAddress> held) {
    held.forEach(h -> context.drawn.remove(h.address()));
  }

  /** Takes back addresses that nobody was ever told of. */
  void putBack(List<HeldAddress> held) {
    for (HeldAddress h : held) {
      long until = context.ledger.coolUntil(h.address()).orElse(0L);
      if (until > context.millis()) {
        // It was found while it was being fetched, and who had it before the boot is not known.
        context.book.release(h.address(), until);
      } else {
        context.book.putBack(h.address());
      }
      context.drawn.remove(h.address());
    }
    if (!held.isEmpty()) {
      context.stale();
    }
  }
}
