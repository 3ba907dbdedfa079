package dev.patchbay.admission;

import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.ObjectRef;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the replicas' one identity in a Secret. Any replica makes what is due, and writes it over what it has read and nothing else, so
 * that of two that make one at once the other takes over what was written. For one thread.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final ClusterClient client;
  private final ObjectRef secret;
  private final Renewal renewal;
  private Optional<Identity> current = Optional.empty();

  Keeper(ClusterClient client, ObjectRef secret, Renewal renewal) {
    this.client = client;
    this.secret = secret;
    this.renewal = renewal;
  }

  /**
   * Reads the Secret, and writes it if something is due.
   *
   * @return whether that is over; false if somebody else was faster, so that it is to be read again
   * @throws dev.patchbay.core.objects.ClusterException if the API server can't be asked or refuses
   */
  boolean keep(Instant now) {
    Optional<ObjectRecord> there = client.read(secret);
    Optional<Identity> stored = there.flatMap(this::identity);
    // What is gone or spoilt comes back as it was: others still show it, and it is still trusted.
    Optional<Identity> base = stored.or(() -> current);
    Optional<Identity> made = renewal.due(base, now);
    Optional<Identity> wanted = made.or(() -> base);
    if (made.isEmpty() && stored.isPresent()) {
      current = stored;
      return true;
    }
    Identity identity = wanted.orElseThrow();
    if (client.write(secret, there.map(ObjectRecord::resourceVersion).orElse(""), IdentityText.secret(identity)).isEmpty()) {
      // Most often it is what was to be made.
      current = client.read(secret).flatMap(this::identity).or(() -> current);
      return false;
    }
    LOG.info("{} holds {} now.", secret, identity.server());
    current = Optional.of(identity);
    return true;
  }

  private Optional<Identity> identity(ObjectRecord record) {
    try {
      return Optional.of(IdentityText.read(record.content()));
    } catch (IdentityText.Unreadable e) {
      LOG.warn("{} is written anew: {}.", secret, e.getMessage());
      return Optional.empty();
    }
  }

  Optional<Identity> current() {
    return current;
  }
}
