package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.compose.LanePlan;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Draws the addresses of an attachment, each from the source of its lane, all or none. */
final class Draws {
  private final Context context;
  private final Function<String, Optional<Finding>> hopeless;

  /**
   * Makes it.
   *
   * @param context the brain's context
   * @param hopeless why no address will come for a want, if none will
   */
  Draws(Context context, Function<String, Optional<Finding>> hopeless) {
    this.context = context;
    this.hopeless = hopeless;
  }

  /** What came of a draw. */
  sealed interface Outcome {
    /** All were drawn. */
    record Drawn(List<HeldAddress> held) implements Outcome {}

    /** None were: one has to be waited for. */
    record Dry(String want, Finding reason) implements Outcome {}

    /** None were, and none will come. */
    record Impossible(Finding reason, boolean later) implements Outcome {}

    /** Some were; particular ones must be asked of EC2. */
    record Asked(List<HeldAddress> held, List<AddressRequest> particular) implements Outcome {}
  }

  /** What a request waits for: lane and family. */
  static String wantOf(AddressRequest request) {
    return request.lane().orElse("") + " " + request.family();
  }

  Outcome draw(AttachmentKey key, List<AddressRequest> requests) {
    List<HeldAddress> held = new ArrayList<>();
    List<AddressRequest> asked = new ArrayList<>();
    for (AddressRequest request : requests) {
      String lane = request.lane().orElseThrow();
      Optional<AddressSource> source = context.plan.lane(lane).map(LanePlan::sources)
          .map(sources -> sources.get(request.family()));
      Outcome one = source.isEmpty() ? unsupplied(lane, request) : switch (source.get()) {
        case AddressSource.Stock _ -> fromStock(lane, request);
        case AddressSource.Range range -> fromRange(lane, request, range);
        case AddressSource.Given _ -> given(lane, request);
        case AddressSource.OnDemand _ -> {
          asked.add(request);
          yield new Outcome.Drawn(List.of());
        }
      };
      if (one instanceof Outcome.Drawn drawn) {
        held.addAll(drawn.held());
      } else {
        putBack(held);
        return one;
      }
    }
    if (!held.isEmpty()) {
      context.stale();
    }
    return asked.isEmpty() ? new Outcome.Drawn(held) : new Outcome.Asked(held, asked);
  }

  private static Outcome unsupplied(String lane, AddressRequest request) {
    return new Outcome.Impossible(Finding.of(BrainCodes.REQUEST_IMPOSSIBLE,
        "An address of lane " + lane + " and family " + request.family() + " is asked for, and nothing supplies that lane.",
        "Check the modes' settings; `patchbay status` lists the lanes."), false);
  }

  private Outcome fromStock(String lane, AddressRequest request) {
    Optional<AddressBook.Drawn> drawn = context.book.draw(lane, request.family());
    if (drawn.isPresent()) {
      return new Outcome.Drawn(
          List.of(new HeldAddress(drawn.get().address(), lane, Optional.of(drawn.get().eniId()), request)));
    }
    Optional<Finding> never = hopeless.apply(wantOf(request));
    if (never.isPresent()) {
      return new Outcome.Impossible(never.get(), true);
    }
    AddressBook.Counts c = context.book.counts(lane, request.family());
    return new Outcome.Dry(wantOf(request), Finding.of(Codes.ADDRESS_WAIT_EXPIRED,
        "lane " + lane + " has no free " + request.family() + " address now: " + c.held() + " are held, " + c.cooling()
            + " cool down, more are being fetched where the instance has room.",
        "Wait; if it lasts, see `patchbay explain NODE`."));
  }

  private Outcome fromRange(String lane, AddressRequest request, AddressSource.Range range) {
    Optional<Cidr> block = range.block();
    Optional<String> eni = Optional.empty();
    if (block.isEmpty()) {
      NodeFacts facts = context.facts().orElseThrow();
      for (NodeFacts.Eni candidate : facts.enis()) {
        Optional<Cidr> prefix = candidate.lane().equals(Optional.of(lane)) ? candidate.record().prefixes().stream()
            .filter(p -> p.family() == request.family() && p.length() == range.length()).findFirst() : Optional.empty();
        if (prefix.isPresent() && context.book.isReady(candidate.id())) {
          block = prefix;
          eni = Optional.of(candidate.id());
          break;
        }
      }
    }
    if (block.isEmpty()) {
      return new Outcome.Dry(wantOf(request), Finding.of(Codes.ADDRESS_WAIT_EXPIRED,
          "lane " + lane + " has no /" + range.length() + " prefix on its interface yet; it is being asked for.",
          "Wait; if it lasts, see `patchbay explain NODE`."));
    }
    Optional<IpAddress> ip = context.ranges.draw(block.get(), context.ledger, context.millis());
    if (ip.isEmpty()) {
      return new Outcome.Dry(wantOf(request), Finding.of(Codes.ADDRESS_WAIT_EXPIRED,
          "all addresses of " + block.get() + " are held or cool down.", "Wait until one has cooled down, or run fewer pods."));
    }
    return new Outcome.Drawn(List.of(new HeldAddress(ip.get(), lane, eni, request)));
  }

  private Outcome given(String lane, AddressRequest request) {
    if (request.particular().isEmpty()) {
      return new Outcome.Impossible(Finding.of(BrainCodes.REQUEST_IMPOSSIBLE,
          "lane " + lane + " has addresses that are decided elsewhere, and the mode did not say which.",
          "This is a defect of the mode: report it to its maker."), false);
    }
    IpAddress ip = request.particular().get();
    Optional<AttachmentKey> holder = context.ledger.holder(ip);
    if (holder.isPresent()) {
      return new Outcome.Dry(wantOf(request), Finding.of(Codes.ADDRESS_WAIT_EXPIRED,
          ip + " is still held by " + holder.get() + ".", "It is given as soon as that attachment has ended."));
    }
    return new Outcome.Drawn(List.of(new HeldAddress(ip, lane, request.eni(), request)));
  }

  /** Asks EC2 for particular addresses, one after the other, on the lane's first interface that is ready. */
  void onDemand(AttachmentKey key, List<AddressRequest> order, Outcome.Asked asked, Consumer<List<HeldAddress>> done,
      Consumer<Finding> failed) {
    List<HeldAddress> held = new ArrayList<>(asked.held());
    List<AddressRequest> rest = new ArrayList<>(asked.particular());
    nextParticular(held, rest, () -> {
      held.sort(java.util.Comparator.comparingInt(h -> order.indexOf(h.request())));
      done.accept(List.copyOf(held));
    }, reason -> {
      putBack(held);
      failed.accept(reason);
    });
  }

  private void nextParticular(List<HeldAddress> held, List<AddressRequest> rest, Runnable done, Consumer<Finding> failed) {
    if (rest.isEmpty()) {
      done.run();
      return;
    }
    AddressRequest request = rest.removeFirst();
    String lane = request.lane().orElseThrow();
    Optional<AddressBook.Eni> eni = context.book.enis(lane).stream().filter(e -> context.book.isReady(e.id())).findFirst();
    if (eni.isEmpty() || request.particular().isEmpty()) {
      failed.accept(Finding.of(BrainCodes.REQUEST_IMPOSSIBLE,
          "lane " + lane + (eni.isEmpty() ? " has no interface that is ready." : " needs to be told which address."),
          "Check the modes' settings; `patchbay status` lists the lanes."));
      return;
    }
    IpAddress ip = request.particular().get();
    if (context.ledger.holder(ip).isPresent()) {
      failed.accept(Finding.of(Codes.ADDRESS_WAIT_EXPIRED, ip + " is still held by a pod of this node.",
          "It is given as soon as that pod has ended."));
      return;
    }
    context.ask(token -> new Effect.Call(token, new CloudCall.AssignParticular(eni.get().id(), ip)), event -> {
      if (event instanceof Event.Answered a && !(a.answer() instanceof CloudAnswer.Failed)) {
        held.add(new HeldAddress(ip, lane, Optional.of(eni.get().id()), request));
        nextParticular(held, rest, done, failed);
      } else if (event instanceof Event.Answered a && a.answer() instanceof CloudAnswer.Failed f) {
        failed.accept(Supply.finding(f, "assign " + ip));
      } else {
        throw Context.unexpected(event);
      }
    });
  }

  void putBack(List<HeldAddress> held) {
    for (HeldAddress h : held) {
      context.book.putBack(h.address());
      context.ranges.settle(h.address());
    }
    if (!held.isEmpty()) {
      context.stale();
    }
  }
}
