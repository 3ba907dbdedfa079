package dev.patchbay.lab.kube.model;

import java.util.List;

/**
 * Who calls.
 *
 * @param name for a service account {@code system:serviceaccount:NAMESPACE:NAME}
 * @param uid empty if there is none
 * @param groups the groups that the caller is in
 */
public record User(String name, String uid, List<String> groups) {
  /** Callers without credentials; only a few paths are open to them. */
  public static final User ANONYMOUS = new User("system:anonymous", "", List.of("system:unauthenticated"));

  /** The server itself: may do everything. */
  public static final User SERVER = new User("system:apiserver", "", List.of("system:masters", "system:authenticated"));

  /** Copies the groups. */
  public User {
    groups = List.copyOf(groups);
  }

  /** A service account as a caller; groups as Kubernetes documentation, "Authenticating", gives them. */
  public static User serviceAccount(String namespace, String name, String uid) {
    return new User(
        "system:serviceaccount:" + namespace + ":" + name,
        uid,
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"));
  }
}
