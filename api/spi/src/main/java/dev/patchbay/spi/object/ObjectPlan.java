package dev.patchbay.spi.object;

import dev.patchbay.spi.Code;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What objects of the API server should hold. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ObjectPlan {
  private static final ObjectPlan EMPTY = new ObjectPlan(List.of(), List.of(), List.of());

  private final List<Patch> patches;
  private final List<Event> events;
  private final List<Condition> conditions;

  private ObjectPlan(List<Patch> patches, List<Event> events, List<Condition> conditions) {
    this.patches = patches;
    this.events = events;
    this.conditions = conditions;
  }

  /**
   * {@return a plan that wants nothing}
   */
  public static ObjectPlan empty() {
    return EMPTY;
  }

  /**
   * {@return this plan and a merge patch (RFC 7386)}
   * @param object the object
   * @param subresource the subresource that is patched, empty for the object itself
   * @param content what the object should hold; text {@link #ABSENT} takes a field away
   */
  public ObjectPlan withPatch(ObjectRef object, String subresource, Fields content) {
    return new ObjectPlan(plus(patches, new Patch(object, subresource, content)), events, conditions);
  }

  /**
   * {@return this plan and an object that should exist, made if it does not}
   * @param object the object
   * @param content what it should hold
   */
  public ObjectPlan withObject(ObjectRef object, Fields content) {
    return new ObjectPlan(plus(patches, new Patch(object, CREATE, content)), events, conditions);
  }

  /**
   * {@return this plan and an Event}
   * @param object the object that it is about
   * @param warning whether its type is Warning rather than Normal
   * @param code its reason
   * @param text what happened and what to do
   */
  public ObjectPlan withEvent(ObjectRef object, boolean warning, Code code, String text) {
    return withEvent(object, "", warning, code, text);
  }

  /**
   * {@return this plan and an Event}
   * @param object the object that it is about
   * @param uid the object's uid, which spares a question to the API server and tells the object from a later one of the same name;
   *     empty if it is not known
   * @param warning whether its type is Warning rather than Normal
   * @param code its reason
   * @param text what happened and what to do
   */
  public ObjectPlan withEvent(ObjectRef object, String uid, boolean warning, Code code, String text) {
    return new ObjectPlan(patches, plus(events, new Event(object, uid, warning, code, text)), conditions);
  }

  /**
   * {@return this plan and a condition in the object's status}
   * @param object the object
   * @param type the condition's type
   * @param status whether it holds
   * @param code its reason
   * @param text its message
   */
  public ObjectPlan withCondition(ObjectRef object, String type, boolean status, Code code, String text) {
    return new ObjectPlan(patches, events, plus(conditions, new Condition(object, type, status, code, text)));
  }

  /** In a patch, stands for a field that should not be there. */
  public static final String ABSENT = "\u0000absent";

  /** The subresource of {@link #withObject}. */
  public static final String CREATE = "\u0000create";

  private static <T> List<T> plus(List<T> list, T element) {
    List<T> all = new ArrayList<>(list);
    all.add(element);
    return List.copyOf(all);
  }

  /**
   * {@return the patches}
   */
  public List<Patch> patches() {
    return patches;
  }

  /**
   * {@return the Events}
   */
  public List<Event> events() {
    return events;
  }

  /**
   * {@return the conditions}
   */
  public List<Condition> conditions() {
    return conditions;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectPlan p && p.patches.equals(patches) && p.events.equals(events)
        && p.conditions.equals(conditions);
  }

  @Override
  public int hashCode() {
    return patches.hashCode() * 31 + events.hashCode();
  }

  @Override
  public String toString() {
    return patches + " " + events + " " + conditions;
  }

  /**
   * A merge patch.
   *
   * @param object the object
   * @param subresource the subresource, empty for the object itself
   * @param content what the object should hold
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Patch(ObjectRef object, String subresource, Fields content) {}

  /**
   * An Event.
   *
   * @param object what it is about
   * @param uid its uid; empty if it is not known
   * @param warning whether its type is Warning rather than Normal
   * @param code its reason
   * @param text what happened and what to do
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Event(ObjectRef object, String uid, boolean warning, Code code, String text) {
    /**
     * An Event about an object whose uid is not known.
     *
     * @param object what it is about
     * @param warning whether its type is Warning rather than Normal
     * @param code its reason
     * @param text what happened and what to do
     */
    public Event(ObjectRef object, boolean warning, Code code, String text) {
      this(object, "", warning, code, text);
    }
  }

  /**
   * A condition of an object's status.
   *
   * @param object the object
   * @param type the condition's type
   * @param status whether it holds
   * @param code its reason
   * @param text its message
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Condition(ObjectRef object, String type, boolean status, Code code, String text) {}
}
