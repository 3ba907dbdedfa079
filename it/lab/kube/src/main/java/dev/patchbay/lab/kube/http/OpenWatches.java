package dev.patchbay.lab.kube.http;

/** The watches that run. Thread-safe. */
public interface OpenWatches {
  /** Cuts all off in the middle, without the end of the answer. */
  void cut();

  /** How many there are. */
  int count();
}
