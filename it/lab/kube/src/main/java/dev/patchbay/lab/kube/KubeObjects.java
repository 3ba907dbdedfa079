package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The objects of the API server for the lab itself: everything is done as a client with all rights would have it done,
 * admission webhooks and validation included. Thread-safe.
 *
 * <p>A resource is named by its plural and group as in {@code pods}, {@code leases.coordination.k8s.io}; the namespace
 * is empty for cluster-scoped resources. Trees given are used up; trees returned belong to the caller. All methods
 * throw {@link KubeApiException} for what the API server would refuse.
 */
public sealed interface KubeObjects permits StoredObjects, RemoteObjects {
  /** Makes an object of the kind and in the namespace that it names itself; {@code default} if it names none. */
  ObjectNode create(ObjectNode object);

  /** Makes an object from its JSON text. */
  ObjectNode create(String json);

  /** The object of a name, if there is one. */
  Optional<ObjectNode> get(String resource, String namespace, String name);

  /**
   * The objects of a namespace, or of all if it is empty.
   *
   * @param labelSelector as in the API's query parameter; empty for all
   */
  List<ObjectNode> list(String resource, String namespace, String labelSelector);

  /**
   * Changes an object.
   *
   * @param change gets a copy of the present object and gives the new one; it may be called again if somebody else
   *     writes meanwhile
   */
  ObjectNode update(String resource, String namespace, String name, UnaryOperator<ObjectNode> change);

  /** Changes an object's status; labels and annotations count too, as in the API. */
  ObjectNode updateStatus(String resource, String namespace, String name, UnaryOperator<ObjectNode> change);

  /** Changes an object by a JSON merge patch (RFC 7396). */
  ObjectNode merge(String resource, String namespace, String name, ObjectNode patch);

  /** Gives a pod to a node, as a scheduler does. */
  ObjectNode bind(String namespace, String pod, String node);

  /** Deletes an object as a client does who wishes nothing particular: pods on a node are marked and wait for it. */
  void delete(String resource, String namespace, String name);

  /** Deletes an object without grace, as a kubelet does with a pod that has ended; finalizers still keep it. */
  void deleteNow(String resource, String namespace, String name);

  /**
   * Tells somebody of all objects of a resource: of those that there are, and then of every change, in order.
   *
   * @param namespace empty for all
   * @param receiver called on one thread of its own; must not throw
   * @return ends it when closed
   */
  AutoCloseable follow(String resource, String namespace, Consumer<KubeChange> receiver);
}
