package dev.patchbay.simulation;

import dev.patchbay.core.brain.AttachmentRequest;
import dev.patchbay.core.brain.Event;
import dev.patchbay.core.brain.Reply;
import dev.patchbay.core.ledger.AttachmentKey;
import dev.patchbay.core.ledger.Ledger;
import dev.patchbay.core.ledger.MadeBefore;
import dev.patchbay.simulation.model.Fault;
import dev.patchbay.simulation.model.KernelModel;
import dev.patchbay.spi.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node: its kernel, its disks, its daemon, and the container runtime that asks the daemon. */
final class Node {
  /** Few names, so that pods come back under names that are still known. */
  private static final int NAMES = 12;
  static final String NETWORK = "patchbay";

  /** A call that the daemon has not answered. */
  private record Call(Kind kind, @Nullable Sandbox sandbox, long since) {}

  private enum Kind {
    ADD,
    SECOND_ADD,
    DEL,
    CHECK,
    GC,
    STATUS
  }

  /** A DEL that came while no daemon was there. */
  private record Note(long number, AttachmentKey key, MadeBefore time) {}

  final World world;
  final String name;
  final String instance;
  final Disks disks;
  KernelModel kernel = new KernelModel();
  final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
  int choice;
  /** Since when the machine runs. */
  long bootedAt;
  long wallShift = 1_700_000_000_000L;
  long imdsAwayUntil;
  long apiCutUntil;
  long diskFullUntil;
  long diskStillUntil;
  int starts;
  long cloudCalls;
  private final Map<Long, Call> calls = new TreeMap<>();
  /** Requests for a CHECK that may have looked before the kernel had all of the pod again. */
  private final Set<Long> lookedEarlier = new HashSet<>();
  /** They lie there until the daemon has answered them. */
  private final Map<Long, Note> notes = new LinkedHashMap<>();
  private final Map<Long, Long> noteOf = new LinkedHashMap<>();
  private long noted;
  private @Nullable Daemon daemon;
  private long requests;

  Node(World world, int number) {
    this.world = world;
    this.name = "node-" + number;
    this.instance = "i-" + number;
    this.disks = new Disks(world, name);
    this.choice = world.profile.choice();
    this.bootedAt = world.now - 5_000;
  }

  Ledger durable() {
    return disks.durable();
  }

  long monotonic() {
    return world.now - bootedAt;
  }

  long wall() {
    return world.now + wallShift;
  }

  boolean isUp() {
    return daemon != null;
  }

  Daemon daemon() {
    Daemon d = daemon;
    if (d == null) {
      throw new IllegalStateException("the daemon of " + name + " does not run");
    }
    return d;
  }

  long next() {
    Daemon d = daemon;
    return d == null ? Long.MAX_VALUE : d.next();
  }

  long nextInFlight() {
    Daemon d = daemon;
    return d == null ? Long.MAX_VALUE : d.nextInFlight();
  }

  void turn() {
    daemon().turn();
  }

  @Nullable Sandbox sandboxOf(String key) {
    int slash = key.lastIndexOf('/');
    Sandbox sandbox = sandboxes.get(key.substring(0, slash));
    // What an extra added to a pod is the pod's.
    return sandbox;
  }

  void say(String what) {
    world.story.say(world.now, () -> name + ": " + what);
  }

  void say(Supplier<String> what) {
    world.story.say(world.now, () -> name + ": " + what.get());
  }

  // What the container runtime does.

  private long request(Kind kind, @Nullable Sandbox sandbox) {
    long request = ++requests;
    calls.put(request, new Call(kind, sandbox, world.now));
    return request;
  }

  void add() {
    List<PodKind> kinds = world.choices.get(choice).pods();
    PodKind kind = kinds.size() > 1 ? world.chance.of(kinds) : kinds.getFirst();
    boolean elsewhere = kind.single() && this != world.nodes.getFirst();
    Sandbox sandbox = new Sandbox(world.newSandbox(), "pod-" + world.chance.below(NAMES), elsewhere ? PodKind.PLAIN : kind);
    world.story.mix(sandbox.id);
    if (daemon == null) {
      return;
    }
    sandboxes.put(sandbox.id, sandbox);
    send(Kind.ADD, sandbox);
  }

  /** An ADD for what is there, or under way. */
  void addAgain(Sandbox sandbox) {
    if (daemon != null && (sandbox.state == Sandbox.State.ADDING || durable().told(sandbox.key))) {
      world.story.happened(Fault.SECOND_ADD);
      send(Kind.SECOND_ADD, sandbox);
    }
  }

  private void send(Kind kind, Sandbox sandbox) {
    long request = request(kind, sandbox);
    say(() -> (kind == Kind.ADD ? "ADD " : "a second ADD ") + sandbox.key + " for " + sandbox.pod + ", request " + request);
    daemon().podSeen(sandbox);
    daemon().give(new Event.Add(request, new AttachmentRequest(sandbox.key, NETWORK, sandbox.kind.namespace(), sandbox.pod, "uid-" + sandbox.id,
        "/run/netns/" + sandbox.id, Fields.empty(), Map.of())));
  }

  void del(Sandbox sandbox) {
    world.judge.revoked(sandbox);
    sandbox.state = Sandbox.State.DELETING;
    if (daemon == null) {
      world.story.happened(Fault.DEL_NOTED);
      say(() -> "DEL " + sandbox.key + " leaves a note");
      noted++;
      notes.put(noted, new Note(noted, sandbox.key, new MadeBefore(OptionalLong.of(monotonic()), wall())));
      // The executable has said that it is done.
      removed(sandbox);
      return;
    }
    long request = request(Kind.DEL, sandbox);
    say(() -> "DEL " + sandbox.key + ", request " + request);
    daemon().give(new Event.Del(request, sandbox.key));
  }

  void strayDel() {
    if (daemon != null) {
      world.story.happened(Fault.STRAY_DEL);
      long request = request(Kind.DEL, null);
      say(() -> "DEL of what never was, request " + request);
      daemon().give(new Event.Del(request, new AttachmentKey("stray-" + request, "eth0")));
    }
  }

  void check(Sandbox sandbox) {
    if (daemon != null) {
      long request = request(Kind.CHECK, sandbox);
      say(() -> "CHECK " + sandbox.key + ", request " + request);
      daemon().give(new Event.Check(request, sandbox.key));
    }
  }

  void status() {
    if (daemon != null) {
      daemon().give(new Event.Status(request(Kind.STATUS, null)));
    }
  }

  void gc() {
    if (daemon != null) {
      Set<AttachmentKey> valid = new TreeSet<>();
      sandboxes.values().stream().filter(s -> s.state == Sandbox.State.LIVE || s.state == Sandbox.State.ADDING)
          .forEach(s -> valid.add(s.key));
      long request = request(Kind.GC, null);
      say(() -> "GC, valid are " + valid + ", request " + request);
      daemon().give(new Event.Gc(request, NETWORK, valid));
    }
  }

  /** Whoever waits for an ADD does so no longer. */
  void hangUp() {
    List<Long> open = new ArrayList<>();
    calls.forEach((request, call) -> {
      if (call.kind() == Kind.ADD) {
        open.add(request);
      }
    });
    if (daemon != null && !open.isEmpty()) {
      long request = world.chance.of(open);
      world.story.happened(Fault.HANG_UP);
      say(() -> "whoever made request " + request + " hangs up");
      hungUp(request);
    }
  }

  private void hungUp(long request) {
    Call call = calls.remove(request);
    if (call != null && call.sandbox() != null) {
      failed(call.sandbox());
    }
    daemon().give(new Event.CallerGone(request));
  }

  private static void failed(Sandbox sandbox) {
    if (sandbox.state == Sandbox.State.ADDING) {
      sandbox.state = Sandbox.State.FAILED;
    }
  }

  void netnsGone(Sandbox sandbox) {
    world.story.happened(Fault.NETNS_GONE);
    say(() -> "the namespace of " + sandbox.key + " is gone");
    sandbox.netns = false;
    world.judge.revoked(sandbox);
    world.judge.rests(this, sandbox.key.toString());
    kernel.netnsGone(sandbox.key.toString());
  }

  /** The container runtime removes a sandbox, and its namespace with it. */
  private void removed(Sandbox sandbox) {
    sandboxes.remove(sandbox.id);
    sandbox.netns = false;
    world.judge.rests(this, sandbox.key.toString());
    kernel.netnsGone(sandbox.key.toString());
  }

  void altered(Sandbox sandbox) {
    String key = sandbox.key.toString();
    if (sandbox.netns && kernel.hasWhole(key)) {
      say(() -> "somebody takes routes of " + key + " out of the kernel");
      sandbox.altered = true;
      kernel.undoHalf(key);
      heardOfAltered(key);
    }
  }

  /** The kernel has all of a pod again. */
  void mended(Sandbox sandbox) {
    sandbox.altered = false;
    calls.forEach((request, call) -> {
      if (call.kind() == Kind.CHECK && call.sandbox() == sandbox) {
        lookedEarlier.add(request);
      }
    });
  }

  void nodeAltered() {
    say("somebody takes the node's own part out of the kernel");
    kernel.nodeGone();
    heardOfAltered("");
  }

  private void heardOfAltered(String key) {
    if (daemon != null) {
      daemon().altered(key);
    }
  }

  /** The daemon's answer arrives. */
  void answered(long request, Reply reply) {
    Call call = calls.remove(request);
    if (call == null) {
      return;
    }
    world.story.mix(request);
    say(() -> "request " + request + " is answered: " + words(reply));
    Long note = noteOf.remove(request);
    if (note != null) {
      notes.remove(note);
    }
    boolean earlier = lookedEarlier.remove(request);
    Sandbox sandbox = call.sandbox();
    switch (reply) {
      case Reply.Added added when sandbox != null -> added(request, call, sandbox, added);
      case Reply.Failed failed when call.kind() == Kind.ADD && sandbox != null -> {
        world.story.mix(failed.reason().code().number());
        failed(sandbox);
      }
      case Reply.Failed failed when call.kind() == Kind.DEL && !failed.later() ->
          throw new BrokenException(Way.ANSWERED, name, "a DEL is refused: " + failed.reason().cause());
      case Reply.Failed failed when call.kind() == Kind.CHECK && sandbox != null && sandbox.entitled && !failed.later() ->
          throw new BrokenException(Way.POD_KEPT, name, "CHECK of " + sandbox.key + " is refused: " + failed.reason().cause());
      case Reply.Compared compared when sandbox != null && sandbox.entitled && !sandbox.altered && !earlier && !compared.deviations().isEmpty() ->
          throw new BrokenException(Way.POD_KEPT, name, "CHECK finds that " + sandbox.key + " differs: " + compared.deviations());
      case Reply.Done _ when call.kind() == Kind.DEL && sandbox != null -> removed(sandbox);
      default -> {
        // The container runtime takes notice.
      }
    }
  }

  private void added(long request, Call call, Sandbox sandbox, Reply.Added added) {
    added.attachment().addresses().forEach(a -> world.story.mix(a.address().low()));
    if (call.kind() == Kind.SECOND_ADD && sandbox.entitled) {
      throw new BrokenException(Way.ONE_OWNER, name, "a second ADD of " + sandbox.key + " is granted");
    }
    if (call.kind() == Kind.SECOND_ADD || sandbox.state != Sandbox.State.ADDING || world.happens(Fault.UNREAD)) {
      // It was deleted meanwhile, or whoever asked is gone, or asked before the first was answered.
      say("nobody reads that answer");
      failed(sandbox);
      daemon().give(new Event.CallerGone(request));
      return;
    }
    world.judge.entitle(this, sandbox, added.attachment());
    sandbox.state = Sandbox.State.LIVE;
    daemon().give(new Event.AnswerRead(request));
  }

  private static String words(Reply reply) {
    return switch (reply) {
      case Reply.Added a -> "added with " + a.attachment().addresses().stream().map(h -> h.address().toString()).toList();
      case Reply.Failed f -> "failed, " + f.reason().code() + ": " + f.reason().cause();
      case Reply.Compared c -> c.deviations().isEmpty() ? "as it should be" : "differs: " + c.deviations();
      case Reply.Done _ -> "done";
      case Reply.Ready r -> "ready if " + r.plugins().size() + " plugins are";
      case Reply.Collected c -> "collected, of " + c.plugins().size() + " plugins too";
      case Reply.Reported _ -> "a report";
    };
  }

  /** Whether the daemon may answer a request. */
  boolean isOpen(long request) {
    return calls.containsKey(request);
  }

  // What happens to the machine.

  void start() {
    if (daemon != null) {
      return;
    }
    starts++;
    say(() -> "the daemon starts with " + world.choices.get(choice).name());
    Optional<Ledger> recovered = disks.open(this);
    if (recovered.isEmpty()) {
      say("no witness tells who has which address: the daemon refuses to start, and the node is drained and rebooted");
      forgetAll();
      recovered = disks.open(this);
    }
    Daemon next = new Daemon(this, recovered.orElseThrow());
    daemon = next;
    next.begin();
    for (Note note : List.copyOf(notes.values())) {
      long request = request(Kind.DEL, null);
      noteOf.put(request, note.number());
      say(() -> "the note of the DEL of " + note.key() + " is taken, request " + request);
      next.give(new Event.Del(request, note.key(), note.time()));
    }
  }

  void kill() {
    Daemon d = daemon;
    if (d == null) {
      return;
    }
    world.story.happened(Fault.KILLED);
    say("the daemon is killed");
    d.kill();
    daemon = null;
    // Whoever waits for it sees the connection break.
    calls.values().forEach(call -> {
      Sandbox sandbox = call.sandbox();
      if (sandbox != null) {
        failed(sandbox);
        if (sandbox.state == Sandbox.State.DELETING) {
          sandbox.state = Sandbox.State.FAILED;
        }
      }
    });
    calls.clear();
    noteOf.clear();
  }

  void reboot() {
    world.story.happened(Fault.REBOOTED);
    kill();
    say("the node is rebooted");
    forgetAll();
  }

  private void forgetAll() {
    world.judge.rebooted(this);
    sandboxes.values().forEach(world.judge::revoked);
    sandboxes.clear();
    notes.clear();
    kernel = new KernelModel();
    disks.rebooted();
    bootedAt = world.now - 5_000;
  }

  /** Takes what was lost on the way, or answered late, up again: what failed is deleted, and a DEL that failed is sent again. */
  void tidy() {
    if (disks.salvaged()) {
      // The ledger may have what ended before the damage; nobody but the container runtime knows.
      gc();
    }
    for (Sandbox sandbox : List.copyOf(sandboxes.values())) {
      boolean open = calls.values().stream().anyMatch(c -> c.sandbox() == sandbox);
      if (!open && (!sandbox.netns || sandbox.state == Sandbox.State.FAILED || sandbox.state == Sandbox.State.DELETING)) {
        del(sandbox);
      }
    }
  }

  /** Requests that wait for longer than a time. */
  List<Long> waitingLongerThan(long millis) {
    List<Long> late = new ArrayList<>();
    calls.forEach((request, call) -> {
      if (world.now - call.since() > millis) {
        late.add(request);
      }
    });
    return late;
  }

  Set<AttachmentKey> live() {
    Set<AttachmentKey> keys = new TreeSet<>();
    sandboxes.values().stream().filter(s -> s.state == Sandbox.State.LIVE).forEach(s -> keys.add(s.key));
    return keys;
  }

  List<Sandbox> in(Sandbox.State state) {
    List<Sandbox> those = new ArrayList<>();
    for (Sandbox sandbox : sandboxes.values()) {
      if (sandbox.state == state) {
        those.add(sandbox);
      }
    }
    return those;
  }

  int count(Sandbox.State state) {
    int count = 0;
    for (Sandbox sandbox : sandboxes.values()) {
      count += sandbox.state == state ? 1 : 0;
    }
    return count;
  }
}
