package dev.patchbay.lab.kube.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who owns which field of an object (Kubernetes documentation, "Server-Side Apply"). An update owns what it changed; an
 * apply owns what its configuration names, and meets a conflict where it would change what another owns.
 */
public final class ManagedFields {
  private static final String UPDATE = "Update";
  private static final String APPLY = "Apply";
  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::operation)
          .thenComparing(Entry::time)
          .thenComparing(entry -> entry.manager().name())
          .thenComparing(entry -> entry.manager().apiVersion())
          .thenComparing(entry -> entry.manager().subresource());

  private final Shapes shapes;

  /** For objects of a shape. */
  public ManagedFields(Shapes shapes) {
    this.shapes = shapes;
  }

  /**
   * Who writes.
   *
   * @param name the field manager
   * @param apiVersion the version in which it speaks of the object
   * @param subresource empty for the object itself
   */
  public record Manager(String name, String apiVersion, String subresource) {}

  private record Conflict(Entry entry, List<FieldPath> paths) {}

  private record Entry(Manager manager, String operation, String time, Set<FieldPath> fields) {
    boolean isSame(Manager other, String otherOperation) {
      return operation.equals(otherOperation)
          && manager.name().equals(other.name())
          && (operation.equals(APPLY) || manager.apiVersion().equals(other.apiVersion()))
          && manager.subresource().equals(other.subresource());
    }
  }

  /** Sets the record of an object that was updated. */
  public void updated(ObjectNode object, ObjectNode before, Manager manager) {
    Map<FieldPath, JsonNode> now = FieldSet.of(object, shapes);
    Map<FieldPath, JsonNode> earlier = FieldSet.of(before, shapes);
    Set<FieldPath> changed = new LinkedHashSet<>();
    now.forEach(
        (path, value) -> {
          if (!value.equals(earlier.get(path))) {
            changed.add(path);
          }
        });
    JsonNode record = Json.at(before, "metadata", "managedFields");
    if (changed.isEmpty() && now.size() == earlier.size()) {
      write(object, record);
      return;
    }
    List<Entry> entries = new ArrayList<>();
    Set<FieldPath> owned = new LinkedHashSet<>();
    for (Entry entry : read(record)) {
      entry.fields().retainAll(now.keySet());
      if (entry.isSame(manager, UPDATE)) {
        owned.addAll(entry.fields());
      } else {
        entry.fields().removeAll(changed);
        entries.add(entry);
      }
    }
    owned.addAll(changed);
    entries.add(new Entry(manager, UPDATE, now(), owned));
    write(object, entries);
  }

  /**
   * Merges an applied configuration into an object.
   *
   * @param before the object as it is, which is not changed; empty if there is none
   * @param force whether to take fields from their owners
   * @throws StatusException 409 if others own fields that it would change
   */
  public ObjectNode applied(ObjectNode before, ObjectNode configuration, Manager manager, boolean force) {
    Map<FieldPath, JsonNode> wanted = FieldSet.of(configuration, shapes);
    Map<FieldPath, JsonNode> present = FieldSet.of(before, shapes);
    List<Entry> others = new ArrayList<>();
    Set<FieldPath> mineBefore = new LinkedHashSet<>();
    for (Entry entry : read(Json.at(before, "metadata", "managedFields"))) {
      if (entry.isSame(manager, APPLY)) {
        mineBefore.addAll(entry.fields());
      } else {
        others.add(entry);
      }
    }
    List<Conflict> conflicts = conflicts(wanted, present, others);
    if (!conflicts.isEmpty() && !force) {
      throw conflict(conflicts);
    }
    conflicts.forEach(each -> each.paths().forEach(each.entry().fields()::remove));
    ObjectNode merged = new Merger(shapes).merge(before.deepCopy(), configuration);
    Set<FieldPath> othersFields = others.stream().flatMap(each -> each.fields().stream()).collect(Collectors.toSet());
    mineBefore.removeAll(wanted.keySet());
    mineBefore.removeIf(path -> isHeldBy(othersFields, path));
    new Merger(shapes).remove(merged, mineBefore);
    JsonNode recordBefore = Json.at(before, "metadata", "managedFields");
    // Whoever applies what is there already changes who owns it and nothing else, which has no time.
    String time = merged.equals(before) ? "" : now();
    others.add(new Entry(manager, APPLY, time, wanted.keySet()));
    ArrayNode record = toJson(others);
    write(merged, sameButForTimes(record, recordBefore) ? recordBefore : record);
    return merged;
  }

  /** An element of a list stays while anybody else owns it or anything in it. */
  private static boolean isHeldBy(Set<FieldPath> fields, FieldPath path) {
    return fields.stream().anyMatch(each -> each.startsWith(path));
  }

  private static List<Conflict> conflicts(
      Map<FieldPath, JsonNode> wanted, Map<FieldPath, JsonNode> present, List<Entry> others) {
    List<Conflict> conflicts = new ArrayList<>();
    for (Entry entry : others) {
      List<FieldPath> paths =
          entry.fields().stream()
              .filter(path -> wanted.containsKey(path) && !wanted.get(path).equals(present.get(path)))
              .sorted(Comparator.comparing(FieldPath::readable))
              .toList();
      if (!paths.isEmpty()) {
        conflicts.add(new Conflict(entry, paths));
      }
    }
    return conflicts;
  }

  private static StatusException conflict(List<Conflict> conflicts) {
    List<Cause> causes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Conflict conflict : conflicts) {
      Manager manager = conflict.entry().manager();
      String part = manager.subresource().isEmpty() ? "" : " with subresource \"" + manager.subresource() + '"';
      // Who applies is the same in every version (util/managedfields, BuildManagerIdentifier).
      String version = conflict.entry().operation().equals(APPLY) ? "" : " using " + manager.apiVersion();
      String who = '"' + manager.name() + '"' + part + version;
      List<String> fields = conflict.paths().stream().map(FieldPath::readable).toList();
      fields.forEach(field -> causes.add(new Cause("FieldManagerConflict", field, "conflict with " + who)));
      texts.add(
          fields.size() == 1
              ? "conflict with " + who + ": " + fields.getFirst()
              : "conflicts with " + who + ":\n- " + String.join("\n- ", fields));
    }
    String count = causes.size() == 1 ? "1 conflict" : causes.size() + " conflicts";
    return StatusException.applyConflict("Apply failed with " + count + ": " + String.join("\n", texts), causes);
  }

  private static List<Entry> read(JsonNode record) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode each : record) {
      Manager manager =
          new Manager(Json.text(each, "manager"), Json.text(each, "apiVersion"), Json.text(each, "subresource"));
      entries.add(
          new Entry(
              manager,
              Json.text(each, "operation"),
              Json.text(each, "time"),
              FieldSet.fromJson(each.path("fieldsV1"))));
    }
    return entries;
  }

  private static void write(ObjectNode object, List<Entry> entries) {
    write(object, toJson(entries));
  }

  private static ArrayNode toJson(List<Entry> entries) {
    ArrayNode record = Json.array();
    for (Entry entry : entries.stream().sorted(ORDER).toList()) {
      if (!entry.fields().isEmpty()) {
        ObjectNode node =
            record
                .addObject()
                .put("manager", entry.manager().name())
                .put("operation", entry.operation())
                .put("apiVersion", entry.manager().apiVersion())
                .put("fieldsType", "FieldsV1");
        if (!entry.time().isEmpty()) {
          node.put("time", entry.time());
        }
        node.set("fieldsV1", FieldSet.toJson(entry.fields()));
        if (!entry.manager().subresource().isEmpty()) {
          node.put("subresource", entry.manager().subresource());
        }
      }
    }
    return record;
  }

  private static void write(ObjectNode object, JsonNode record) {
    ObjectNode metadata = Json.child(object, "metadata");
    if (record.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", record.deepCopy());
    }
  }

  /** An apply that changes nothing must not change its own time, or it would change the object. */
  private static boolean sameButForTimes(JsonNode record, JsonNode before) {
    return withoutTimes(record).equals(withoutTimes(before));
  }

  private static Set<JsonNode> withoutTimes(JsonNode record) {
    Set<JsonNode> entries = new LinkedHashSet<>();
    for (JsonNode each : record) {
      ObjectNode copy = Json.object();
      copy.setAll((ObjectNode) each);
      entries.add(copy.without(List.of("time")));
    }
    return entries;
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
