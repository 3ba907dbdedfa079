package dev.patchbay.lab.kube.auth;

import dev.patchbay.lab.kube.auth.ServiceAccountTokens.Claims;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.StoredObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From bearer tokens to callers. A service account's token is good as long as the service account of that uid, and the
 * pod that it is bound to, exist. Thread-safe.
 */
public final class Authenticator {
  private final Map<String, User> staticTokens = new ConcurrentHashMap<>();
  private final ServiceAccountTokens tokens;
  private final ObjectStore store;

  /** Looks service accounts up in a store. */
  public Authenticator(ServiceAccountTokens tokens, ObjectStore store) {
    this.tokens = tokens;
    this.store = store;
  }

  /** Makes a token known. */
  public void add(String token, User user) {
    staticTokens.put(token, user);
  }

  /** The caller with a token; empty if nobody is known by it. */
  public Optional<User> user(String token) {
    User user = staticTokens.get(token);
    return user != null ? Optional.of(user) : claims(token).map(Authenticator::user);
  }

  /** What a service-account token claims, if it is good. */
  public Optional<Claims> claims(String token) {
    return tokens.verify(token).filter(this::stillHolds);
  }

  private static User user(Claims claims) {
    return User.serviceAccount(claims.namespace(), claims.name(), claims.uid());
  }

  private boolean stillHolds(Claims claims) {
    boolean account = isPresent("serviceaccounts", new ObjectKey(claims.namespace(), claims.name()), claims.uid());
    boolean pod =
        claims
            .boundPod()
            .map(bound -> isPresent("pods", new ObjectKey(claims.namespace(), bound.name()), bound.uid()))
            .orElse(true);
    return account && pod;
  }

  private boolean isPresent(String resource, ObjectKey key, String uid) {
    return store.get(resource, key).map(StoredObject::uid).filter(uid::equals).isPresent();
  }
}
