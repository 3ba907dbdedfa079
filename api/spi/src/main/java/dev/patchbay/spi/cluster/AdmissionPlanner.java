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
 * A mode's part in admission: a function from a request to a decision. The runtime owns certificates and registration. A mode that has one
 * says so ({@code ModeDescriptor.Builder.admits}).
 */
@ImplementedByMode
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AdmissionPlanner {
  /**
   * {@return what this mode wants to be asked about}
   */
  List<Rule> rules();

  /**
   * Decides about one request. Must not block. Any replica of the controller asks, from several threads; only after all objects that the
   * mode declared to read have been heard: before that, and while the planner fails, it is as if nobody answered.
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
   * @param condition an expression in CEL that the API server reads, over {@code object}, {@code oldObject} (null for a creation) and
   *     {@code request}: it asks only about requests for which it is true. It saves questions and, where a rule does not fail open, keeps
   *     others from depending on an answer; the planner decides on any request all the same. Empty to be asked about all
   * @param subresource the subresource, {@code status} say; empty for the objects themselves. What is asked about is what is sent: for
   *     {@code binding} of pods, the binding
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Rule(String name, ObjectKind kind, Set<String> operations, boolean mutating, boolean failOpen, Optional<String> condition,
      String subresource) {
    /**
     * Copies the operations.
     */
    public Rule {
      operations = Set.copyOf(operations);
    }

    /**
     * A rule about objects themselves.
     *
     * @param name the rule's name: lower-case letters, digits and dashes
     * @param kind the kind of objects
     * @param operations {@code CREATE}, {@code UPDATE}, {@code DELETE}
     * @param mutating whether the decision may change the object
     * @param failOpen whether requests pass while nobody answers
     * @param condition the condition
     */
    public Rule(String name, ObjectKind kind, Set<String> operations, boolean mutating, boolean failOpen, Optional<String> condition) {
      this(name, kind, operations, mutating, failOpen, condition, "");
    }

    /**
     * A rule without a condition.
     *
     * @param name the rule's name: lower-case letters, digits and dashes
     * @param kind the kind of objects
     * @param operations {@code CREATE}, {@code UPDATE}, {@code DELETE}
     * @param mutating whether the decision may change the object
     * @param failOpen whether requests pass while nobody answers
     */
    public Rule(String name, ObjectKind kind, Set<String> operations, boolean mutating, boolean failOpen) {
      this(name, kind, operations, mutating, failOpen, Optional.empty());
    }

    /**
     * {@return this rule with a condition}
     * @param cel the expression in CEL
     */
    public Rule when(String cel) {
      return new Rule(name, kind, operations, mutating, failOpen, Optional.of(cel), subresource);
    }

    /**
     * {@return this rule, about a subresource instead of the objects themselves}
     * @param name the subresource's name
     */
    public Rule of(String name) {
      return new Rule(this.name, kind, operations, mutating, failOpen, condition, name);
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
     * {@return whether it is the controller itself that asks, by the service account that it runs as}
     *
     * @implSpec the default says no
     */
    default boolean own() {
      return false;
    }

    /**
     * {@return the object as it would be, whole; empty for a deletion. It may have no name yet, and no uid}
     */
    Optional<ObjectView> object();

    /**
     * {@return the object as it is; empty for a creation}
     */
    Optional<ObjectView> old();
  }
}
