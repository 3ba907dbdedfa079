package dev.patchbay.lab.kube.http;

import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Extent;
import dev.patchbay.lab.calls.Fault;
import dev.patchbay.lab.calls.Faults.Strike;
import dev.patchbay.lab.calls.Target;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the lab's faults do to requests here, and a gate that lets requests wait. Thread-safe. */
public final class Faults {
  private static final String SERVICE = "kube";

  private final dev.patchbay.lab.calls.Faults board;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private boolean hanging;

  /**
   * @param board the faults of all the lab's services
   */
  public Faults(dev.patchbay.lab.calls.Faults board) {
    this.board = board;
  }

  /**
   * Refuses a number of requests.
   *
   * @param verb empty for every verb
   * @param resource as in {@link RequestLog.Entry#resource()}; empty for every resource
   * @param code 409, 410, 429, or a code from 500 to 599
   * @param times how many requests
   */
  public void refuse(String verb, String resource, int code, int times) {
    String action = (verb.isEmpty() ? "*" : verb) + (resource.startsWith("/") ? "" : "/") + (resource.isEmpty() ? "*" : resource);
    Extent extent = new Extent(0, OptionalInt.of(times), Optional.empty(), 1, 0);
    board.add(new Fault(new Target(SERVICE, action, "*"), Effect.refuse(String.valueOf(code)), extent));
  }

  /** Lets every request wait, those in progress at their next step, until {@link #release()}. */
  public void hang() {
    locked(() -> hanging = true);
  }

  /** Lets waiting requests go on. */
  public void release() {
    locked(
        () -> {
          hanging = false;
          released.signalAll();
        });
  }

  /** Takes all faults of this service back, and lets waiting requests go on. */
  public void clear() {
    board.standing().stream()
        .filter(each -> each.fault().target().service().equals(SERVICE))
        .forEach(each -> board.remove(each.id()));
    release();
  }

  void pass() throws InterruptedException {
    lock.lock();
    try {
      while (hanging) {
        released.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What strikes a request, if anything does; asked once for each. */
  Optional<Strike> strike(String verb, String resource, String user) {
    return board.strike(SERVICE, verb + " " + resource, user);
  }

  /**
   * Lets a request go on that is to be carried out.
   *
   * @throws StatusException if it is to be refused
   * @throws Unanswered if it is to be neither done nor answered
   */
  static void check(Optional<Strike> strike, Optional<ResourceType> type, String name) {
    switch (strike.map(Strike::effect).orElse(null)) {
      case Effect.Refuse(String code, String message) -> throw refusal(Integer.parseInt(code), message, type, name);
      case Effect.Throttle() -> throw refusal(429, "", type, name);
      case Effect.NoAnswer(boolean applied, Duration open) when !applied -> throw new Unanswered(open);
      case null, default -> {}
    }
  }

  private static StatusException refusal(int code, String message, Optional<ResourceType> type, String name) {
    return switch (code) {
      case 401 -> StatusException.unauthorized();
      case 403 -> StatusException.of(403, "Forbidden", said(message, "forbidden on purpose"));
      case 404 -> StatusException.of(404, "NotFound", said(message, "not found, on purpose"));
      case 409 -> type.map(known -> StatusException.modified(known, name))
          .orElseGet(() -> StatusException.of(409, "Conflict", said(message, "a conflict made on purpose")));
      case 410 -> StatusException.expired(said(message, "too old resource version: made on purpose"));
      case 429 -> StatusException.tooManyRequests(said(message, "too many requests, please try again later"), 1);
      case 503 -> StatusException.of(503, "ServiceUnavailable", said(message, "apiserver not ready"));
      case 504 -> StatusException.of(
          504, "Timeout", said(message, "Timeout: request did not complete within the allotted timeout"));
      default -> StatusException.of(
          code, code < 500 ? "BadRequest" : "InternalError", said(message, "an error made on purpose"));
    };
  }

  private static String said(String message, String usual) {
    return message.isEmpty() ? usual : message;
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
