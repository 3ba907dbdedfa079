package dev.patchbay.lab.kube.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.auth.AccessRequest;
import dev.patchbay.lab.kube.auth.Authenticator;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The lab's own API server: it knows its callers, checks what they may do, and answers from what it stores. */
public final class OwnAnswers implements Answers {
  /** Open to everybody, as the cluster role {@code system:public-info-viewer} has it. */
  private static final Set<String> PUBLIC =
      Set.of("/healthz", "/livez", "/readyz", "/version", "/healthz/", "/livez/", "/readyz/", "/version/");

  private static final String VERSION = "v1.33.0";
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

  private final ResourceRegistry registry;
  private final Authenticator authenticator;
  private final RbacAuthorizer authorizer;
  private final ResourceHandler resources;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Faults faults;

  /** Puts the parts together. */
  public OwnAnswers(
      ResourceRegistry registry,
      Authenticator authenticator,
      RbacAuthorizer authorizer,
      ResourceHandler resources,
      ObjectStore store,
      Faults faults) {
    this.registry = registry;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.resources = resources;
    this.discovery = new Discovery(registry);
    this.openApi = new OpenApi(registry, store);
    this.faults = faults;
  }

  @Override
  public void authenticate(Call call) {
    Optional<String> token = call.bearer();
    Optional<User> user = token.flatMap(authenticator::user);
    user.ifPresent(call::authenticated);
    if (user.isEmpty() && (token.isPresent() || !PUBLIC.contains(call.path()))) {
      throw StatusException.unauthorized();
    }
    if (!call.header("Impersonate-User").isEmpty()) {
      impersonate(call);
    }
  }

  /** Goes on as somebody else, if that is allowed (Kubernetes documentation, "User impersonation"). */
  private void impersonate(Call call) {
    String name = call.header("Impersonate-User");
    List<String> groups = call.headers("Impersonate-Group");
    requireImpersonation(call.user(), accountOrUser(name));
    groups.forEach(group -> requireImpersonation(call.user(), impersonation("groups", "", group)));
    List<String> all = new ArrayList<>(groups);
    if (name.startsWith(ACCOUNT_PREFIX) && groups.isEmpty()) {
      all.add("system:serviceaccounts");
      all.add("system:serviceaccounts:" + accountOrUser(name).namespace());
    }
    all.add("system:authenticated");
    call.authenticated(new User(name, "", all));
  }

  private static AccessRequest accountOrUser(String name) {
    String[] parts = name.split(":", -1);
    return name.startsWith(ACCOUNT_PREFIX) && parts.length == 4
        ? impersonation("serviceaccounts", parts[2], parts[3])
        : impersonation("users", "", name);
  }

  private static AccessRequest impersonation(String resource, String namespace, String name) {
    return new AccessRequest("impersonate", "", resource, "", namespace, name, "");
  }

  private void requireImpersonation(User user, AccessRequest request) {
    if (!authorizer.allows(user, request)) {
      throw request.refusal(user);
    }
  }

  @Override
  public void answer(Call call, Optional<ResourceRequest> request) throws IOException, InterruptedException {
    if (request.isPresent()) {
      serve(call, request.get());
    } else {
      servePath(call);
    }
  }

  private void serve(Call call, ResourceRequest request) throws IOException, InterruptedException {
    if (!authorizer.allows(call.user(), request.access())) {
      throw request.access().refusal(call.user());
    }
    RequestPath path = request.path();
    Optional<ResourceType> type = registry.find(path.group(), path.version(), path.resource());
    call.struck(faults.strike(request.verb(), request.resource(), call.user().name()));
    Faults.check(call.strike(), type, path.name());
    boolean action = VirtualResources.find(path.group(), path.version(), path.resource()).isPresent();
    if (type.isEmpty() && !action && !discovery.serves(path.group(), path.version())) {
      notServed(call);
      return;
    }
    resources.serve(call, request, type);
  }

  private void servePath(Call call) throws IOException {
    String path = call.path();
    if (!PUBLIC.contains(path) && !authorizer.allows(call.user(), call.pathAccess())) {
      throw call.pathAccess().refusal(call.user());
    }
    call.struck(faults.strike(call.method().toLowerCase(Locale.ROOT), path, call.user().name()));
    Faults.check(call.strike(), Optional.empty(), "");
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      throw StatusException.methodNotAllowed();
    }
    String plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    switch (plain) {
      case "/healthz", "/livez", "/readyz" -> {
        byte[] healthy = "ok".getBytes(StandardCharsets.US_ASCII);
        call.answer(200, "text/plain; charset=utf-8", healthy);
      }
      case "/version" -> call.answer(200, version());
      case "/" -> {
        ObjectNode root = Json.object();
        root.set("paths", Json.strings(discovery.paths()));
        call.answer(200, root);
      }
      default -> {
        Optional<ObjectNode> found = discovery.document(plain, call.header("Host")).or(() -> openApi.document(plain));
        if (found.isPresent()) {
          call.answer(200, found.get());
        } else {
          notServed(call);
        }
      }
    }
  }

  /** Where there is no API at all, there is no Status either. */
  private static void notServed(Call call) throws IOException {
    call.answer(404, "text/plain; charset=utf-8", "404 page not found\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "33")
        .put("gitVersion", VERSION + "+patchbay-lab")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "none")
        .put("compiler", "javac")
        .put("platform", "linux/" + System.getProperty("os.arch", "amd64"));
  }
}
