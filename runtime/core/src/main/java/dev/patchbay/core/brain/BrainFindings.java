package dev.patchbay.core.brain;

import dev.patchbay.spi.Finding;

/** What is told in more than one place. */
final class BrainFindings {
  private BrainFindings() {}

  static Finding deleted() {
    return Finding.of(BrainCodes.ATTACHMENT_DELETED, "The attachment was deleted while it was being made.", "Nothing; it is gone.");
  }

  /** Why an ADD that nobody wants any more ends. */
  static Finding unwanted(Job job, long now) {
    if (!job.callerGone) {
      return deleted();
    }
    return Finding.of(BrainCodes.CALLER_GONE, "The container runtime hung up after " + (now - job.began.monotonic()) / 1000 + " s"
            + job.waitingFor.map(w -> " while the pod waited: " + w.cause()).orElse("."),
        job.waitingFor.map(Finding::remedy).orElse("Nothing; it is given up, and the runtime tries again by itself."));
  }

  static Finding standsStill() {
    return unwritable("the disk has not answered a write for " + Unanswered.PATIENCE_MILLIS / 1000 + " s");
  }

  static Finding unwritable(String reason) {
    return Finding.of(BrainCodes.LEDGER_UNWRITABLE, "The ledger can't be written: " + reason + ".",
        "Free space or repair the file system that holds the state directories; no pod starts until then.");
  }
}
