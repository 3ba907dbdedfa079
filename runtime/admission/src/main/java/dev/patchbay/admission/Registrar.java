package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.cluster.admission.Registration;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the API server asks what is to be asked, and nothing else; what others change there is brought back. For one thread. */
final class Registrar {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

  private final ClusterClient client;
  private final Registration registration;
  private final List<Asked> asked;
  private boolean conditions = true;

  Registrar(ClusterClient client, Registration registration, List<Asked> asked) {
    this.client = client;
    this.registration = registration;
    this.asked = asked;
  }

  /**
   * Brings both configurations to what they should be.
   *
   * @param bundle the authorities; empty text if nothing is asked
   * @return whether they are so; false if somebody else wrote at the same time
   * @throws dev.patchbay.core.objects.ClusterException if the API server can't be asked or refuses
   */
  boolean keep(String bundle) {
    boolean mutating = keep(RuntimeNeeds.MUTATING_WEBHOOKS, true, bundle);
    boolean validating = keep(RuntimeNeeds.VALIDATING_WEBHOOKS, false, bundle);
    return mutating && validating;
  }

  private boolean keep(ObjectKind kind, boolean mutating, String bundle) {
    ObjectRef ref = RuntimeNeeds.only(kind, "");
    Optional<ObjectRecord> there = client.read(ref);
    Fields wanted = registration.wanted(asked, mutating, bundle, conditions);
    if (wanted.list("webhooks").isEmpty()) {
      return there.isEmpty() || !Registration.isOurs(there.get().content()) || removed(ref, there.get());
    }
    if (there.filter(object -> Registration.holds(object.content(), wanted)).isPresent()) {
      return true;
    }
    Optional<ObjectRecord> written = client.write(ref, there.map(ObjectRecord::resourceVersion).orElse(""), wanted);
    if (written.filter(object -> conditions && Registration.lacksConditions(object.content(), wanted)).isPresent()) {
      LOG.warn("The API server knows no conditions of webhooks: what would be asked seldom is asked always, so nothing waits for an answer.");
      conditions = false;
      return false;
    }
    written.ifPresent(object -> LOG.info("{} holds {} webhooks now.", ref, wanted.list("webhooks").size()));
    return written.isPresent();
  }

  private boolean removed(ObjectRef ref, ObjectRecord there) {
    boolean gone = client.delete(ref, there.resourceVersion());
    if (gone) {
      LOG.info("{} is taken back: no mode that is chosen wants to be asked.", ref);
    }
    return gone;
  }
}
