package dev.patchbay.core.brain;

import dev.patchbay.core.compose.AttachmentPlanning;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** An ADD that is under way: the pod's first interface, then those that extras add, one after the other. */
final class Job {
  /** What it waits for. */
  enum Stage {
    /** For planners. It can be given up at once: whatever they answer is passed over. */
    PLANNING,
    /** For an object to change. */
    WAITING_FOR_OBJECT,
    /** For an address to come. */
    WAITING_FOR_ADDRESS,
    /** For something that has its effect whether or not anybody still wants it; it is given up only afterwards. */
    ACTING
  }

  final long request;
  final AttachmentRequest of;
  final Moment began;
  final long deadline;
  /** The requests that want it deleted. */
  final List<Long> deletions = new ArrayList<>();
  /** Its interfaces so far; the last is the one at hand. */
  final List<Part> parts = new ArrayList<>();
  /** The interfaces that are still to come; nothing until extras have been asked. */
  Optional<Deque<AttachmentPlanning.Extra>> further = Optional.empty();

  Stage stage = Stage.PLANNING;
  Optional<ObjectRef> object = Optional.empty();
  Optional<Finding> waitingFor = Optional.empty();
  /** What to do when the object has changed. */
  Runnable resume = () -> {};
  /** The objects that planners saw who were asked last. */
  ObjectIndex seen = ObjectIndex.EMPTY;
  boolean callerGone;
  /** Its caller was told that it fails, and what was done for it is not undone yet. */
  boolean answered;
  boolean ended;

  Job(long request, AttachmentRequest of, Moment began, long deadline) {
    this.request = request;
    this.of = of;
    this.began = began;
    this.deadline = deadline;
  }

  Part part() {
    return parts.getLast();
  }

  /** Whether nobody wants it any more: it is undone as soon as that can be. */
  boolean unwanted() {
    return callerGone || !deletions.isEmpty();
  }

  void further(List<AttachmentPlanning.Extra> extras) {
    further = Optional.of(new ArrayDeque<>(extras));
  }

  String pod() {
    return of.podName().isEmpty() ? "sandbox " + of.key().containerId() : of.podNamespace() + "/" + of.podName();
  }
}
