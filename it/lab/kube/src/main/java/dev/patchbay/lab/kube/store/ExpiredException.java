package dev.patchbay.lab.kube.store;

/** A version was asked for that is no longer remembered. */
public final class ExpiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String message;

  ExpiredException(long asked, long oldest) {
    // The words of k8s.io/apiserver, storage/etcd3/watcher.go.
    message = "too old resource version: " + asked + " (" + oldest + ")";
  }

  @Override
  public String getMessage() {
    return message;
  }
}
