package dev.patchbay.lab.kube.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ObjectKey;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.StatusException.Cause;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ExpiredException;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.Snapshot;
import dev.patchbay.lab.kube.store.StoredObject;
import dev.patchbay.lab.kube.store.Subscription;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Reading: single objects, lists in pages, and the start of watches. What a resource version means in each is told in
 * Kubernetes documentation, "API Concepts", "Resource versions".
 */
public final class ObjectReader {
  private final ObjectStore store;

  /** Reads from a store. */
  public ObjectReader(ObjectStore store) {
    this.store = store;
  }

  /**
   * One object.
   *
   * @throws StatusException 404 if there is none
   */
  public StoredObject get(Target target) {
    return find(target).orElseThrow(() -> StatusException.notFound(target.type(), target.name()));
  }

  /** One object, if there is one. */
  public Optional<StoredObject> find(Target target) {
    return store.get(ResourceRegistry.storage(target.type()), target.key());
  }

  /**
   * A page of a list; of all namespaces if the target names none.
   *
   * @throws StatusException 400 for options that contradict each other, 410 for versions no longer remembered, 504 for
   *     versions not reached yet
   */
  public Page list(Target target, ListOptions options) {
    Optional<ContinueToken> token =
        Optional.of(options.continueToken()).filter(text -> !text.isEmpty()).map(ContinueToken::parse);
    if (token.isPresent() && !options.resourceVersion().isEmpty() && !options.resourceVersion().equals("0")) {
      throw StatusException.badRequest("specifying resource version is not allowed when using continue");
    }
    requireMatchingVersion(options);
    Snapshot snapshot = snapshot(target, options, token);
    Predicate<JsonNode> wanted = options.matches();
    List<StoredObject> objects = new ArrayList<>();
    long left = 0;
    for (StoredObject object : snapshot.objects()) {
      boolean before = token.isPresent() && object.key().compareTo(token.get().after()) <= 0;
      if (before || !wanted.test(Representation.of(object, target.type()))) {
        continue;
      }
      if (options.limit() > 0 && objects.size() >= options.limit()) {
        left++;
      } else {
        objects.add(object);
      }
    }
    if (left == 0) {
      return new Page(snapshot.version(), List.copyOf(objects), "", OptionalLong.empty());
    }
    String next = new ContinueToken(snapshot.version(), objects.getLast().key()).text();
    OptionalLong remaining = options.selectsEverything() ? OptionalLong.of(left) : OptionalLong.empty();
    return new Page(snapshot.version(), List.copyOf(objects), next, remaining);
  }

  private static void requireMatchingVersion(ListOptions options) {
    String why = "";
    if (!options.versionMatch().isEmpty() && options.resourceVersion().isEmpty()) {
      why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
    } else if (options.versionMatch().equals("Exact") && options.resourceVersion().equals("0")) {
      why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
    }
    if (!why.isEmpty()) {
      throw StatusException.invalidOptions("ListOptions", Cause.forbidden("resourceVersionMatch", why));
    }
  }

  private Snapshot snapshot(Target target, ListOptions options, Optional<ContinueToken> token) {
    OptionalLong at = OptionalLong.empty();
    if (token.isPresent()) {
      at = OptionalLong.of(token.get().version());
    } else {
      long asked = version(options.resourceVersion());
      if (options.versionMatch().equals("Exact")) {
        at = OptionalLong.of(asked);
      }
      requireReached(asked);
    }
    try {
      return store.list(ResourceRegistry.storage(target.type()), namespace(target), at);
    } catch (ExpiredException e) {
      throw StatusException.expired(
          token.isPresent()
              ? "The provided continue parameter is too old to display a consistent list result. You can start a new"
                  + " list without the continue parameter."
              : e.getMessage());
    }
  }

  /** Follows the resource from its present state on. */
  public Subscription follow(Target target) {
    return store.follow(ResourceRegistry.storage(target.type()), namespace(target));
  }

  /**
   * Follows the resource from a version on.
   *
   * @throws ExpiredException if the version is no longer remembered
   */
  public Subscription followSince(Target target, long version) {
    return store.followSince(ResourceRegistry.storage(target.type()), version);
  }

  /** The version of the last write. */
  public long version() {
    return store.version();
  }

  /**
   * Refuses versions that this server has not come to.
   *
   * @throws StatusException 504
   */
  public void requireReached(long version) {
    long current = store.version();
    if (version > current) {
      throw StatusException.tooLargeVersion(version, current);
    }
  }

  /**
   * The number of a resource version; 0 for none.
   *
   * @throws StatusException 400 if it is no version
   */
  public static long version(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw StatusException.badRequest(
          "invalid resource version: resourceVersion: Invalid value: \""
              + text
              + "\": strconv.ParseUint: parsing \""
              + text
              + "\": invalid syntax");
    }
  }

  private static Optional<String> namespace(Target target) {
    return target.namespace().isEmpty() ? Optional.empty() : Optional.of(target.namespace());
  }

  /** Where a page ended. Opaque to clients; the server that wrote it reads it. */
  private record ContinueToken(long version, ObjectKey after) {
    String text() {
      byte[] json =
          Json.bytes(
              Json.object().put("rv", version).put("namespace", after.namespace()).put("name", after.name()));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }

    static ContinueToken parse(String text) {
      try {
        JsonNode json = Json.parseObject(Base64.getUrlDecoder().decode(text));
        long version = json.path("rv").asLong();
        return new ContinueToken(version, new ObjectKey(Json.text(json, "namespace"), Json.text(json, "name")));
      } catch (IllegalArgumentException | StatusException e) {
        throw StatusException.badRequest("invalid continue token: continue key is not valid: " + e.getMessage());
      }
    }
  }
}
