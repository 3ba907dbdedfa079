package dev.patchbay.lab.ec2;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who may call, with which credentials and which policy. Thread-safe. */
public final class Callers {
  private record Issued(String caller, IssuedCredentials credentials) {}

  private final Map<String, Caller> callers = new ConcurrentHashMap<>();
  private final Map<String, Issued> keys = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;

  Callers(InstantSource clock) {
    this.clock = clock;
  }

  /** Adds a caller who may do these actions on everything, or replaces the policy of one. */
  public void allow(String name, Set<String> actions) {
    allow(name, Policy.allowing(actions));
  }

  /** Adds a caller, or replaces the policy of one. */
  public void allow(String name, Policy policy) {
    callers.put(name, new Caller(name, policy));
  }

  /** The caller of that name. */
  public Optional<Caller> find(String name) {
    return Optional.ofNullable(callers.get(name));
  }

  /** New credentials for a caller; those issued before stay good until they expire. */
  public IssuedCredentials issue(String name, Duration lifetime) {
    if (!callers.containsKey(name)) {
      throw new IllegalArgumentException("no caller '" + name + "': allow() comes first");
    }
    Instant now = clock.instant();
    keys.values().removeIf(issued -> issued.credentials().expires().isBefore(now));
    IssuedCredentials credentials =
        new IssuedCredentials(
            "ASIA" + hex(8).toUpperCase(Locale.ROOT), hex(20), "lab/" + name + "/" + hex(24), now.plus(lifetime));
    keys.put(credentials.accessKeyId(), new Issued(name, credentials));
    return credentials;
  }

  Optional<IssuedCredentials> credentials(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId)).map(Issued::credentials);
  }

  Optional<Caller> owner(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId)).flatMap(issued -> find(issued.caller()));
  }

  private String hex(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return HexFormat.of().formatHex(noise);
  }
}
