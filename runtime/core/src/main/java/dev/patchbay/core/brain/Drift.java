package dev.patchbay.core.brain;

import dev.patchbay.core.kernel.AttachmentPath;
import dev.patchbay.core.kernel.Mended;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.AttachmentRecord;
import dev.patchbay.spi.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings back what others remove of ours in the kernel: when the kernel tells that something may have changed, what was given to it is
 * compared with what is there, the node's own part first, since attachments lean on it. What was found is known for a while: it may
 * well happen again, and somebody should look for who does it.
 */
final class Drift {
  /** Whoever removes much removes it in many steps: the first is mended at once, the others together. */
  private static final long PAUSE_MILLIS = 1_000;
  private static final long RETRY_MILLIS = 5_000;
  static final long KNOWN_MILLIS = 600_000;
  private static final int SHOWN = 3;
  private static final String FINDING = "drift";
  private static final String REFUSED = "drift refused";

  private final Context context;
  private final NodeWork work;
  private final Consumer<AttachmentRecord> absent;
  /** What may have been altered: attachments, the node; empty text for anything. */
  private final Set<String> doubted = new HashSet<>();
  /** What an earlier process left as live, until it has been looked for. */
  private final Set<AttachmentKey> inherited = new HashSet<>();
  private boolean looking;
  private long notBefore;
  private long knownUntil = Long.MAX_VALUE;

  Drift(Context context, NodeWork work, Consumer<AttachmentRecord> absent) {
    this.context = context;
    this.work = work;
    this.absent = absent;
  }

  /** The node begins to serve: what pods have may have been altered while no daemon was there, or be gone with them. */
  void begin() {
    context.ledger.attachments().stream().filter(a -> a.state() == AttachmentRecord.State.LIVE && a.first().isEmpty())
        .forEach(a -> inherited.add(a.key()));
    if (!context.ledger.attachments().isEmpty()) {
      altered("");
    }
  }

  void altered(String key) {
    doubted.add(key);
    look();
  }

  void tick() {
    if (knownUntil <= context.millis()) {
      knownUntil = Long.MAX_VALUE;
      context.findings.remove(FINDING);
    }
    look();
  }

  private void look() {
    if (doubted.isEmpty() || looking || !context.serving) {
      return;
    }
    if (notBefore > context.millis()) {
      context.wakeAt(notBefore);
      return;
    }
    looking = true;
    Set<String> keys = Set.copyOf(doubted);
    doubted.clear();
    if (keys.contains("") || keys.contains(Mended.NODE)) {
      work.mend(ofNode -> attachments(keys, ofNode));
    } else {
      attachments(keys, List.of());
    }
  }

  private void attachments(Set<String> keys, List<Mended> ofNode) {
    List<AttachmentRecord> some = context.ledger.attachments().stream()
        .filter(a -> a.state() != AttachmentRecord.State.CLOSING)
        .filter(a -> keys.contains("") || keys.contains(a.key().toString())).toList();
    if (some.isEmpty()) {
      done(ofNode);
      return;
    }
    List<AttachmentPath> paths = some.stream().map(a -> Paths.of(context, a)).toList();
    context.ask(token -> new Effect.Mend(token, Optional.empty(), paths), event -> {
      switch (event) {
        case Event.Mended m -> {
          List<Mended> all = new ArrayList<>(ofNode);
          all.addAll(m.mended());
          done(all);
          if (keys.contains("")) {
            end(m.absent());
          }
        }
        case Event.KernelFailed f -> {
          done(ofNode);
          again(keys, f.reason());
        }
        default -> throw Context.unexpected(event);
      }
    });
  }

  /**
   * Pods that have no device of their own any more have no network, and nobody uses their addresses. Their DEL was accepted and could not be
   * written, or their sandbox is gone and nobody will ask for its end. Later the container runtime's DEL is waited for.
   */
  private void end(Set<String> devices) {
    List<AttachmentRecord> gone = context.ledger.attachments().stream().filter(a -> a.state() == AttachmentRecord.State.LIVE)
        .filter(a -> inherited.contains(a.key()) && devices.contains(a.key().toString())).toList();
    inherited.clear();
    gone.forEach(absent);
  }

  private void done(List<Mended> mended) {
    looking = false;
    notBefore = context.millis() + PAUSE_MILLIS;
    context.findings.remove(REFUSED);
    mended.forEach(one -> one.refusal().ifPresent(reason -> again(Set.of(one.key()), reason)));
    if (!mended.isEmpty()) {
      context.findings.put(FINDING, finding(mended));
      knownUntil = context.millis() + KNOWN_MILLIS;
      context.wakeAt(knownUntil);
    }
    if (!doubted.isEmpty()) {
      context.wakeAt(notBefore);
    }
  }

  private void again(Set<String> keys, Finding reason) {
    doubted.addAll(keys);
    notBefore = context.millis() + RETRY_MILLIS;
    context.wakeAt(notBefore);
    context.findings.put(REFUSED, Finding.of(reason.code(), "What somebody else removed of the datapath could not be brought back: "
        + reason.cause(), reason.remedy()).about("node"));
  }

  private Finding finding(List<Mended> mended) {
    List<String> found = mended.stream().flatMap(m -> m.found().stream()).toList();
    List<String> pods = mended.stream().filter(m -> !m.key().equals(Mended.NODE)).map(m -> pod(m.key())).toList();
    String whose = (mended.stream().anyMatch(m -> m.key().equals(Mended.NODE)) ? "of the node's own datapath" : "")
        + (pods.isEmpty() || pods.size() == mended.size() ? "" : " and ")
        + (pods.isEmpty() ? "" : "of that of " + some(pods, ", "));
    return Finding.of(BrainCodes.DATAPATH_ALTERED, "Somebody else removed or altered parts " + whose
        + ", and Patchbay brought them back: " + some(found, "; ") + ".",
        "Look for what changes the network behind Patchbay: another network plugin, a firewall's service, `nft flush ruleset`.")
        .about("node").withValue(found.size());
  }

  private String pod(String key) {
    return context.ledger.attachments().stream().filter(a -> a.key().toString().equals(key)).map(AttachmentRecord::pod)
        .findFirst().orElse(key);
  }

  private static String some(List<String> all, String between) {
    String shown = all.stream().limit(SHOWN).collect(Collectors.joining(between));
    return all.size() <= SHOWN ? shown : shown + " and " + (all.size() - SHOWN) + " more";
  }
}
