package dev.patchbay.node;

import dev.patchbay.core.brain.Brain;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.invariants.Breach;
import dev.patchbay.core.invariants.CloudLook;
import dev.patchbay.core.invariants.Invariants;
import dev.patchbay.core.invariants.Look;
import dev.patchbay.core.invariants.NodeLook;
import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.LedgerFormatException;
import dev.patchbay.core.view.NodeFacts;
import dev.patchbay.linux.datapath.DatapathException;
import dev.patchbay.node.engine.CloudGate;
import dev.patchbay.node.engine.Engine;
import dev.patchbay.node.engine.KernelGate;
import dev.patchbay.node.engine.LedgerFiles;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One look at the node from every side, held against the invariants. What is under way shows as a breach of those that hold when all is
 * settled: whoever asks looks again.
 */
final class Audit {
  private static final long CLOUD_SECONDS = 15;
  private static final String INSTANCE_TAG = "node.k8s.amazonaws.com/instance_id";

  private final LedgerFiles files;
  private final KernelGate kernel;
  private final CloudGate cloud;
  /** The ledger at the last look: what cooled down then does so until its time is over. */
  private @Nullable Ledger before;

  Audit(LedgerFiles files, KernelGate kernel, CloudGate cloud) {
    this.files = files;
    this.kernel = kernel;
    this.cloud = cloud;
  }

  /** What could not be looked at, and why, by its name. */
  private static final class Blind {
    private final Map<String, String> sides = new LinkedHashMap<>();

    <T> Optional<T> attempt(String side, java.util.function.Supplier<T> looking) {
      try {
        return Optional.of(looking.get());
      } catch (DatapathException | StoreException | LedgerFormatException | CloudAway e) {
        sides.put(side, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }
  }

  private static final class CloudAway extends RuntimeException {
    private static final long serialVersionUID = 1;

    CloudAway(String message) {
      super(message);
    }
  }

  /** Looks, and returns what was found, as JSON values. For one caller at a time; blocks. */
  synchronized Map<String, Object> run(Function<Function<Brain, Look>, Look> between) {
    Blind blind = new Blind();
    Map<AttachmentKey, AttachmentPath> paths = new TreeMap<>();
    Look look = between.apply(brain -> {
      Look seen = brain.look(Engine.now());
      live(seen.ledger()).forEach(a -> brain.path(a.key()).ifPresent(p -> paths.put(a.key(), p)));
      return seen;
    });
    Map<AttachmentKey, Path> netns = new TreeMap<>();
    live(look.ledger()).forEach(a -> netns.put(a.key(), Path.of(a.netns().isEmpty() ? "/" : a.netns())));
    Look all = look;
    if (before != null) {
      all = all.withEarlier(before);
    }
    before = look.ledger();
    all = blind.attempt("files", files::read).map(all::withWritten).orElse(all);
    // Whoever is there before and after the files were read stood in them meanwhile.
    Map<AttachmentKey, List<IpAddress>> promised = promised(look.ledger());
    Ledger after = between.apply(brain -> brain.look(Engine.now())).ledger();
    promised.entrySet().retainAll(promised(after).entrySet());
    all = all.withPromised(promised);
    all = blind.attempt("kernel", () -> kernel.look(paths, netns)).map(all::withKernel).orElse(all);
    all = blind.attempt("EC2", () -> cloud(look)).map(all::withCloud).orElse(all);
    List<Breach> breaches = Invariants.breaches(Invariants.all(), all);

    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attachments", look.ledger().attachments().size());
    json.put("addresses", look.node().map(n -> n.places().size()).orElse(0));
    json.put("interfaces", look.node().flatMap(NodeLook::facts).map(f -> f.enis().size()).orElse(0));
    json.put("invariants", Invariants.all().stream().map(i -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", i.name());
      one.put("words", i.words());
      one.put("holds", i.holds().name().toLowerCase(java.util.Locale.ROOT));
      one.put("remedy", i.remedy());
      return one;
    }).toList());
    json.put("breaches", breaches.stream().map(b -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("invariant", b.invariant());
      one.put("subject", b.subject());
      one.put("differs", b.differs());
      return one;
    }).toList());
    json.put("unseen", blind.sides);
    return json;
  }

  /** What callers of ADD have heard. */
  private static Map<AttachmentKey, List<IpAddress>> promised(Ledger ledger) {
    Map<AttachmentKey, List<IpAddress>> promised = new TreeMap<>();
    live(ledger).stream().filter(a -> ledger.told(a.key()))
        .forEach(a -> promised.put(a.key(), a.addresses().stream().map(HeldAddress::address).toList()));
    return promised;
  }

  private static List<AttachmentRecord> live(Ledger ledger) {
    return ledger.attachments().stream().filter(a -> a.state() == AttachmentRecord.State.LIVE).toList();
  }

  private CloudLook cloud(Look look) {
    NodeFacts facts = look.node().flatMap(NodeLook::facts)
        .orElseThrow(() -> new CloudAway("The node does not know which instance it is yet."));
    String instance = facts.identity().instanceId();
    CompletableFuture<CloudAnswer> attached = cloud.ask(new CloudCall.DescribeAttached(instance));
    CompletableFuture<CloudAnswer> tagged = cloud.ask(new CloudCall.DescribeTagged(INSTANCE_TAG, instance));
    return new CloudLook(enis(attached), enis(tagged));
  }

  private static List<EniRecord> enis(CompletableFuture<CloudAnswer> asked) {
    CloudAnswer answer;
    try {
      answer = asked.orTimeout(CLOUD_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new CloudAway("EC2 did not answer within " + CLOUD_SECONDS + " s, or there is no way to it: " + e.getCause());
    }
    return switch (answer) {
      case CloudAnswer.Interfaces found -> new ArrayList<>(found.enis());
      case CloudAnswer.Failed failed -> throw new CloudAway("EC2 refused to describe the interfaces: " + failed + ".");
      default -> throw new CloudAway("EC2 answered with what was not asked for: " + answer + ".");
    };
  }
}
