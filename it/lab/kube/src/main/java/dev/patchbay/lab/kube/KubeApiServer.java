package dev.patchbay.lab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.kube.admission.NoEscalation;
import dev.patchbay.lab.kube.admission.ServiceAddresses;
import dev.patchbay.lab.kube.admission.Webhooks;
import dev.patchbay.lab.kube.auth.Authenticator;
import dev.patchbay.lab.kube.auth.RbacAuthorizer;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens.BoundPod;
import dev.patchbay.lab.kube.auth.ServiceAccountTokens.Claims;
import dev.patchbay.lab.kube.controllers.Controllers;
import dev.patchbay.lab.kube.custom.DefinitionStrategy;
import dev.patchbay.lab.kube.http.Actions;
import dev.patchbay.lab.kube.http.ApiHandler;
import dev.patchbay.lab.kube.http.ApiListener;
import dev.patchbay.lab.kube.http.Faults;
import dev.patchbay.lab.kube.http.PatchRequests;
import dev.patchbay.lab.kube.http.RequestLog;
import dev.patchbay.lab.kube.http.ResourceHandler;
import dev.patchbay.lab.kube.http.WatchStreams;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.operations.Admission;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.ServiceStrategy;
import dev.patchbay.lab.kube.operations.Strategies;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore;
import dev.patchbay.lab.kube.store.ObjectStore.Written;
import dev.patchbay.lab.kube.tls.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A Kubernetes API server in this process. It serves HTTPS with a certificate of an authority made at start, knows its
 * callers by bearer token, and checks what they may do by the RBAC objects it holds. Everything is in memory and gone
 * when it is closed. Thread-safe.
 */
public final class KubeApiServer implements AutoCloseable {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(365);
  private static final List<String> ALWAYS_NAMED =
      List.of(
          "localhost",
          "127.0.0.1",
          "::1",
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local");

  private final KubeApiOptions options;
  private final CertificateAuthority authority;
  private final ServiceAccountTokens tokens;
  private final Authenticator authenticator;
  private final ApiListener listener;
  private final Controllers controllers;
  private final WatchStreams watches;
  private final KubeObjects objects;
  private final KubeFaults faults;
  private final KubeRequests requests;
  private final String serviceAddress;
  private final String adminToken = randomToken();

  private KubeApiServer(KubeApiOptions options, dev.patchbay.lab.calls.Faults board, Recorder recorder) {
    this.options = options;
    authority = new CertificateAuthority("patchbay-lab-kubernetes");
    LinkedBlockingQueue<Written> written = new LinkedBlockingQueue<>();
    ObjectStore store = new ObjectStore(options.historyWindow(), written::add);
    ResourceRegistry registry = new ResourceRegistry();
    Strategies strategies = new Strategies();
    strategies.put("customresourcedefinitions.apiextensions.k8s.io", new DefinitionStrategy(registry, strategies));
    RbacAuthorizer authorizer = new RbacAuthorizer(store);
    Admission admission = new NoEscalation(authorizer, new Webhooks(store, new ServiceAddresses(store)));
    ServiceStrategy services = new ServiceStrategy(store, options.serviceCidr(), options.serviceCidr6());
    strategies.put("services", services);
    serviceAddress = services.apiServerAddress();
    ObjectReader reader = new ObjectReader(store);
    ObjectWriter writer = new ObjectWriter(store, strategies, admission);
    ObjectDeleter deleter = new ObjectDeleter(store, strategies, admission);
    objects = new KubeObjects(registry, reader, writer, deleter);

    tokens = new ServiceAccountTokens();
    authenticator = new Authenticator(tokens, store);
    authenticator.add(adminToken, new User("admin", "", List.of("system:masters", "system:authenticated")));
    watches = new WatchStreams(reader, options.bookmarkPeriod());
    RequestLog log = new RequestLog(options.requestsKept());
    Faults wrong = new Faults(board);
    Actions actions = new Actions(registry, reader, writer, deleter, tokens, authenticator, authorizer);
    ResourceHandler resources =
        new ResourceHandler(
            registry,
            reader,
            writer,
            deleter,
            actions,
            new PatchRequests(writer, reader, strategies, authorizer),
            watches);
    ApiHandler handler = new ApiHandler(registry, authenticator, authorizer, resources, store, log, recorder, wrong);
    List<String> names = new ArrayList<>(ALWAYS_NAMED);
    names.add(options.advertised());
    names.add(serviceAddress);
    names.addAll(options.certificateNames());
    listener =
        new ApiListener(
            options.address(), options.port(), authority.serverContext(names.stream().distinct().toList()), handler);
    faults = new KubeFaults(listener, wrong, watches, store);
    board.serve(new KubeBreakable(faults));
    requests = new KubeRequests(log);
    controllers = new Controllers(written, registry, reader, writer, deleter, authority.pem());
  }

  /**
   * Starts an API server that answers when this returns.
   *
   * @throws java.io.UncheckedIOException if it can't listen
   */
  public static KubeApiServer start(KubeApiOptions options) {
    return start(options, new dev.patchbay.lab.calls.Faults(InstantSource.system()), new Recorder());
  }

  /**
   * Starts an API server that answers when this returns.
   *
   * @param board the lab's faults; {@code kube} is made known there
   * @param recorder the lab's record
   * @throws java.io.UncheckedIOException if it can't listen
   */
  public static KubeApiServer start(KubeApiOptions options, dev.patchbay.lab.calls.Faults board, Recorder recorder) {
    KubeApiServer server = new KubeApiServer(options, board, recorder);
    server.listener.start();
    Bootstrap.run(server.objects, server.serviceAddress, options.advertised(), server.port());
    server.controllers.start();
    return server;
  }

  /** Where it is reached, {@code https://HOST:PORT}. */
  public String url() {
    String host = options.advertised().contains(":") ? "[" + options.advertised() + "]" : options.advertised();
    return "https://" + host + ":" + listener.port();
  }

  /** The port that it listens on. */
  public int port() {
    return listener.port();
  }

  /** The authority's certificate in PEM, for clients to trust. */
  public String caPem() {
    return authority.pem();
  }

  /** The bearer token of a caller who may do everything. */
  public String adminToken() {
    return adminToken;
  }

  /** Makes a bearer token for a user of a name, in groups; {@code system:authenticated} is added. */
  public String tokenFor(String user, List<String> groups) {
    List<String> all = new ArrayList<>(groups);
    all.add("system:authenticated");
    String token = randomToken();
    authenticator.add(token, new User(user, "", all));
    return token;
  }

  /**
   * Makes a token for a service account, good for a year or until the account is deleted.
   *
   * @throws KubeApiException 404 if there is no such account
   */
  public String serviceAccountToken(String namespace, String name) {
    String uid =
        objects
            .get("serviceaccounts", namespace, name)
            .map(account -> Json.text(account, "metadata", "uid"))
            .orElseThrow(() -> missing("serviceaccounts", namespace, name));
    return tokens.issue(new Claims(namespace, name, uid, List.of(), Optional.empty()), TOKEN_LIFETIME);
  }

  /**
   * Makes a token for a pod's service account, good for a year or until the account or the pod is deleted.
   *
   * @throws KubeApiException 404 if there is no such pod, or no such account
   */
  public String podToken(String namespace, String pod) {
    JsonNode found = objects.get("pods", namespace, pod).orElseThrow(() -> missing("pods", namespace, pod));
    String account = Json.text(found, "spec", "serviceAccountName");
    String uid =
        objects
            .get("serviceaccounts", namespace, account)
            .map(each -> Json.text(each, "metadata", "uid"))
            .orElseThrow(() -> missing("serviceaccounts", namespace, account));
    BoundPod bound = new BoundPod(pod, Json.text(found, "metadata", "uid"));
    return tokens.issue(new Claims(namespace, account, uid, List.of(), Optional.of(bound)), TOKEN_LIFETIME);
  }

  private static KubeApiException missing(String resource, String namespace, String name) {
    return new KubeApiException(
        404,
        "NotFound",
        resource + " \"" + name + "\" not found in namespace " + namespace + ": create it first",
        new IllegalArgumentException(name));
  }

  /** A kubeconfig file's text for a caller with a token, in JSON, which is YAML too. */
  public String kubeconfig(String user, String token) {
    return Kubeconfig.text(url(), authority.pem(), user, token);
  }

  /** A kubeconfig file's text for the caller who may do everything. */
  public String adminKubeconfig() {
    return kubeconfig("admin", adminToken);
  }

  /** The objects, without HTTP. */
  public KubeObjects objects() {
    return objects;
  }

  /** Faults on demand. */
  public KubeFaults faults() {
    return faults;
  }

  /** What clients have asked. */
  public KubeRequests requests() {
    return requests;
  }

  /** How many watches are open. */
  public int watchCount() {
    return watches.count();
  }

  @Override
  public void close() {
    controllers.close();
    watches.cut();
    listener.close();
  }

  private static String randomToken() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
