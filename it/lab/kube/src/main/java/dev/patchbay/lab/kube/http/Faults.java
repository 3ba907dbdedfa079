package dev.patchbay.lab.kube.http;

import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Answers that are wrong on purpose. Thread-safe. */
public final class Faults {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final List<Rule> rules = new ArrayList<>();
  private boolean hanging;

  private static final class Rule {
    final String verb;
    final String resource;
    final int code;
    long left;

    Rule(String verb, String resource, int code, long left) {
      this.verb = verb;
      this.resource = resource;
      this.code = code;
      this.left = left;
    }

    boolean matches(String askedVerb, String askedResource) {
      return left > 0
          && (verb.isEmpty() || verb.equals(askedVerb))
          && (resource.isEmpty() || resource.equals(askedResource));
    }
  }

  /**
   * Refuses a number of requests.
   *
   * @param verb empty for every verb
   * @param resource as in {@link RequestLog.Entry#resource()}; empty for every resource
   * @param code 409, 410, 429, or a code from 500 to 599
   * @param times how many requests
   */
  public void refuse(String verb, String resource, int code, long times) {
    locked(() -> rules.add(new Rule(verb, resource, code, times)));
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

  /** Takes all refusals back, and lets waiting requests go on. */
  public void clear() {
    locked(rules::clear);
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

  void check(String verb, String resource, Optional<ResourceType> type, String name) {
    Optional<Integer> code = take(verb, resource);
    if (code.isEmpty()) {
      return;
    }
    throw switch (code.get()) {
      case 409 -> type.map(known -> StatusException.modified(known, name))
          .orElseGet(() -> StatusException.of(409, "Conflict", "a conflict made on purpose"));
      case 410 -> StatusException.expired("too old resource version: made on purpose");
      case 429 -> StatusException.tooManyRequests("too many requests, please try again later", 1);
      case 503 -> StatusException.of(503, "ServiceUnavailable", "apiserver not ready");
      case 504 -> StatusException.of(504, "Timeout", "Timeout: request did not complete within the allotted timeout");
      default -> StatusException.of(code.get(), "InternalError", "an error made on purpose");
    };
  }

  private Optional<Integer> take(String verb, String resource) {
    lock.lock();
    try {
      for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
        Rule rule = each.next();
        if (rule.matches(verb, resource)) {
          rule.left--;
          if (rule.left == 0) {
            each.remove();
          }
          return Optional.of(rule.code);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
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
