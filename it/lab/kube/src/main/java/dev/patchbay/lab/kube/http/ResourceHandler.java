package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.FieldSelector;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.LabelSelector;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.operations.DeleteOptions;
import dev.patchbay.lab.kube.operations.ListOptions;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Page;
import dev.patchbay.lab.kube.operations.Representation;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The verbs on resources, over HTTP. */
public final class ResourceHandler {
  /** What a kubelet would answer. */
  private static final Set<String> OF_CONTAINERS = Set.of("attach", "exec", "log", "portforward", "proxy");

  private final ResourceRegistry registry;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final ObjectDeleter deleter;
  private final Actions actions;
  private final PatchRequests patches;
  private final WatchStreams watches;

  /** Puts the parts together. */
  public ResourceHandler(
      ResourceRegistry registry,
      ObjectReader reader,
      ObjectWriter writer,
      ObjectDeleter deleter,
      Actions actions,
      PatchRequests patches,
      WatchStreams watches) {
    this.registry = registry;
    this.reader = reader;
    this.writer = writer;
    this.deleter = deleter;
    this.actions = actions;
    this.patches = patches;
    this.watches = watches;
  }

  void serve(Call call, ResourceRequest request, Optional<ResourceType> known)
      throws IOException, InterruptedException {
    requireJsonAccepted(call);
    RequestPath path = request.path();
    Optional<ObjectNode> answer = actions.serve(call, path);
    if (answer.isPresent()) {
      call.answer(201, answer.get());
      return;
    }
    ResourceType type = known.orElseThrow(StatusException::noSuchPath);
    Target target = new Target(type, path.namespace(), path.name(), path.subresource());
    requireServed(request, target);
    switch (request.verb()) {
      case "get" -> call.answer(200, Representation.bytes(reader.get(target), type));
      case "list" -> list(call, target);
      case "watch" -> watch(call, target);
      case "create" -> {
        StoredObject created = writer.create(target, call.object(), context(call));
        call.answer(201, Representation.bytes(created, type));
      }
      case "update" -> {
        ObjectWriter.Outcome outcome = writer.update(target, call.object(), context(call));
        call.answer(outcome.created() ? 201 : 200, Representation.bytes(outcome.object(), type));
      }
      case "patch" -> {
        ObjectWriter.Outcome outcome = patches.serve(call, target, context(call));
        call.answer(outcome.created() ? 201 : 200, Representation.bytes(outcome.object(), type));
      }
      case "delete" -> delete(call, target);
      case "deletecollection" -> deleteCollection(call, target);
      default -> throw StatusException.methodNotAllowed();
    }
  }

  private static void requireServed(ResourceRequest request, Target target) {
    ResourceType type = target.type();
    boolean named = !target.name().isEmpty();
    boolean namespaceFits = type.namespaced() ? !target.namespace().isEmpty() || !named : target.namespace().isEmpty();
    if (type.group().isEmpty() && type.plural().equals("pods") && OF_CONTAINERS.contains(target.subresource())) {
      throw StatusException.badRequest(
          "the lab runs no containers: pod \"" + target.name() + "\" has no " + target.subresource());
    }
    boolean subresourceServed = target.subresource().isEmpty() || type.subresources().contains(target.subresource());
    if (!namespaceFits || !subresourceServed) {
      throw StatusException.noSuchPath();
    }
    boolean needsNamespace = request.verb().equals("create") || request.verb().equals("deletecollection");
    if (type.namespaced() && target.namespace().isEmpty() && needsNamespace) {
      throw StatusException.methodNotAllowed();
    }
    boolean allowed =
        switch (request.verb()) {
          case "create" -> !named;
          case "update", "patch" -> named;
          case "get" -> true;
          default -> target.subresource().isEmpty();
        };
    if (!allowed) {
      throw StatusException.methodNotAllowed();
    }
  }

  private static void requireJsonAccepted(Call call) {
    String accept = call.header("Accept").toLowerCase(Locale.ROOT);
    if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*") && !accept.contains("application/*")) {
      throw StatusException.notAcceptable();
    }
  }

  private ListOptions options(Call call, ResourceType type) {
    Query query = call.query();
    return new ListOptions(
        LabelSelector.parse(query.text("labelSelector")),
        FieldSelector.parse(query.text("fieldSelector"), registry.selectableFields(type)),
        Math.max(0, query.number("limit")),
        query.text("continue"),
        query.text("resourceVersion"),
        query.text("resourceVersionMatch"));
  }

  static WriteContext context(Call call) {
    Query query = call.query();
    String dryRun = query.text("dryRun");
    String kind =
        switch (call.method()) {
          case "POST" -> "CreateOptions";
          case "PUT" -> "UpdateOptions";
          case "PATCH" -> "PatchOptions";
          default -> "DeleteOptions";
        };
    if (!dryRun.isEmpty() && !dryRun.equals("All")) {
      throw StatusException.invalidOptions(
          kind, Cause.notSupported("dryRun", "[\"" + dryRun + "\"]", List.of("All")));
    }
    String agent = call.header("User-Agent").split("/", 2)[0];
    String manager = query.text("fieldManager");
    // Whoever names no manager is known by the program's name (handlers/create.go, managerOrUserAgent).
    String named = manager.isEmpty() ? agent : manager;
    return new WriteContext(
        call.user(),
        named.isEmpty() ? "unknown" : named,
        !dryRun.isEmpty(),
        query.flag("force"),
        query.text("fieldValidation").equals("Strict"));
  }

  private void list(Call call, Target target) throws IOException {
    Page page = reader.list(target, options(call, target.type()));
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(page.version()));
    if (!page.continueToken().isEmpty()) {
      metadata.put("continue", page.continueToken());
    }
    page.remaining().ifPresent(count -> metadata.put("remainingItemCount", count));
    call.answer(200, listOf(target.type(), metadata, page.objects()));
  }

  private static byte[] listOf(ResourceType type, ObjectNode metadata, List<StoredObject> objects) throws IOException {
    ObjectNode head = Json.object().put("kind", type.listKind()).put("apiVersion", type.apiVersion());
    head.set("metadata", metadata);
    byte[] start = Json.bytes(head);
    ByteArrayOutputStream output = new ByteArrayOutputStream(1024 + 1024 * objects.size());
    output.write(start, 0, start.length - 1);
    output.write(",\"items\":[".getBytes(StandardCharsets.US_ASCII));
    boolean first = true;
    for (StoredObject object : objects) {
      if (!first) {
        output.write(',');
      }
      first = false;
      output.write(Representation.listBytes(object, type));
    }
    output.write("]}".getBytes(StandardCharsets.US_ASCII));
    return output.toByteArray();
  }

  private void watch(Call call, Target target) throws IOException, InterruptedException {
    ListOptions options = options(call, target.type());
    if (!target.name().isEmpty()) {
      // A watch of one object by its path is one by its name (endpoints/handlers, ListResource).
      FieldSelector byName = FieldSelector.parse("metadata.name=" + target.name(), Set.of());
      options =
          new ListOptions(options.labels(), byName, 0, "", options.resourceVersion(), options.versionMatch());
    }
    watches.serve(call, target, options);
  }

  private static DeleteOptions deleteOptions(Call call) throws IOException {
    // The body is optional, and so is its content type: some clients send nothing and call it text.
    JsonNode options = call.hasBody() ? call.object() : Json.object();
    return DeleteOptions.of(
        options, call.query().text("gracePeriodSeconds"), call.query().text("propagationPolicy"));
  }

  private void delete(Call call, Target target) throws IOException {
    ObjectDeleter.Outcome outcome = deleter.delete(target, deleteOptions(call), context(call));
    if (outcome.answerObject()) {
      call.answer(200, Representation.bytes(outcome.object(), target.type()));
      return;
    }
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details").put("name", target.name());
    if (!target.type().group().isEmpty()) {
      details.put("group", target.type().group());
    }
    details.put("kind", target.type().plural()).put("uid", outcome.object().uid());
    call.answer(200, status);
  }

  private void deleteCollection(Call call, Target target) throws IOException {
    DeleteOptions options = deleteOptions(call);
    Page page = reader.list(target, options(call, target.type()));
    List<StoredObject> deleted = deleter.deleteAll(target, page.objects(), options, context(call));
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(reader.version()));
    call.answer(200, listOf(target.type(), metadata, deleted));
  }
}
