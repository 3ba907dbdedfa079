package dev.patchbay.lab.kube;

import dev.patchbay.lab.calls.Recorder;
import dev.patchbay.lab.kube.http.ApiHandler;
import dev.patchbay.lab.kube.http.ApiListener;
import dev.patchbay.lab.kube.http.Faults;
import dev.patchbay.lab.kube.http.RequestLog;
import dev.patchbay.lab.kube.model.User;
import dev.patchbay.lab.kube.operations.ServiceStrategy;
import dev.patchbay.lab.kube.tls.CertificateAuthority;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A Kubernetes API server in this process, or the real one behind it ({@link KubeApiOptions#withBinaries}). It serves HTTPS with a certificate of an authority made at start, knows its
 * callers by bearer token, and checks what they may do by the RBAC objects it holds. Everything is in memory and gone
 * when it is closed. Thread-safe.
 */
public final class KubeApiServer implements AutoCloseable {
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
  private final Engine engine;
  private final ApiListener listener;
  private final KubeFaults faults;
  private final KubeRequests requests;
  private final String adminToken = randomToken();

  private KubeApiServer(KubeApiOptions options, dev.patchbay.lab.calls.Faults board, Recorder recorder) {
    this.options = options;
    authority = new CertificateAuthority("patchbay-lab-kubernetes");
    Faults wrong = new Faults(board);
    engine =
        options.binaries().isPresent()
            ? new RealEngine(options.binaries().get(), options, authority, adminToken, wrong)
            : new OwnEngine(options, authority, wrong);
    engine.know(adminToken, new User("admin", "", List.of("system:masters", "system:authenticated")));
    RequestLog log = new RequestLog(options.requestsKept());
    ApiHandler handler = new ApiHandler(engine.answers(), log, recorder, wrong);
    List<String> names = new ArrayList<>(ALWAYS_NAMED);
    names.add(options.advertised());
    names.add(ServiceStrategy.apiServerAddress(options.serviceCidr()));
    names.addAll(options.certificateNames());
    listener =
        new ApiListener(
            options.address(), options.port(), authority.serverContext(names.stream().distinct().toList()), handler);
    faults = new KubeFaults(listener, wrong, engine);
    board.serve(new KubeBreakable(faults));
    requests = new KubeRequests(log);
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
    try {
      server.listener.start();
      server.engine.begin(options, server.port());
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
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
    engine.know(token, new User(user, "", all));
    return token;
  }

  /**
   * Makes a token for a service account, good for a year or until the account is deleted.
   *
   * @throws KubeApiException 404 if there is no such account
   */
  public String serviceAccountToken(String namespace, String name) {
    return engine.serviceAccountToken(namespace, name);
  }

  /**
   * Makes a token for a pod's service account, good for a year or until the account or the pod is deleted.
   *
   * @throws KubeApiException 404 if there is no such pod, or no such account
   */
  public String podToken(String namespace, String pod) {
    return engine.podToken(namespace, pod);
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
    return engine.objects();
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
    return engine.watches().count();
  }

  @Override
  public void close() {
    engine.watches().cut();
    listener.close();
    engine.close();
  }

  private static String randomToken() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
