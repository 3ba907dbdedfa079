package dev.patchbay.spi.cluster;

import dev.patchbay.spi.ImplementedByMode;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A mode's part in admission: a function from a request to a decision. The runtime owns certificates and registration.
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AdmissionPlanner {
  /**
   * {@return what this mode wants to be asked about}
   */
  List<Rule> rules();

  /**
   * Decides about one request. Must not block.
   *
   * @param rule the rule's name
   * @param request the request
   * @param objects the objects that the mode declared to read on the cluster side
   * @return the decision
   */
  AdmissionDecision decide(String rule, Request request, ObjectsView objects);

  /**
   * What a mode wants to be asked about.
   *
   * @param name the rule's name: lower-case letters, digits and dashes
   * @param kind the kind of objects
   * @param operations {@code CREATE}, {@code UPDATE}, {@code DELETE}
   * @param mutating whether the decision may change the object
   * @param failOpen whether requests pass while nobody answers
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Rule(String name, ObjectKind kind, Set<String> operations, boolean mutating, boolean failOpen) {
    /**
     * Copies the operations.
     */
    public Rule {
      operations = Set.copyOf(operations);
    }
  }

  /** A request for admission. */
  @dev.patchbay.spi.ImplementedByRuntime
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  interface Request {
    /**
     * {@return the operation}
     */
    String operation();

    /**
     * {@return the user that asks}
     */
    String user();

    /**
     * {@return the object as it would be; empty for a deletion}
     */
    Optional<ObjectView> object();

    /**
     * {@return the object as it is; empty for a creation}
     */
    Optional<ObjectView> old();
  }
}
