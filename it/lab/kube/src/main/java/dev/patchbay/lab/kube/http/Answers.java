package dev.patchbay.lab.kube.http;

import java.io.IOException;
import java.util.Optional;

/** Who answers requests: the lab's own API server, or the real one behind it. Thread-safe. */
public sealed interface Answers permits OwnAnswers, ForwardedAnswers {
  /**
   * Finds out who calls, and tells the call.
   *
   * @throws dev.patchbay.lab.kube.model.StatusException if nobody may call so
   */
  void authenticate(Call call);

  /**
   * Answers, after the faults that strike.
   *
   * @param request what it is about; empty if it is about no resource
   */
  void answer(Call call, Optional<ResourceRequest> request) throws IOException, InterruptedException;
}
