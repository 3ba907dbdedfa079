package dev.patchbay.lab.kube;

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
import dev.patchbay.lab.kube.http.Answers;
import dev.patchbay.lab.kube.http.Faults;
import dev.patchbay.lab.kube.http.OpenWatches;
import dev.patchbay.lab.kube.http.OwnAnswers;
import dev.patchbay.lab.kube.http.PatchRequests;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/** The lab's own API server: everything is in memory, with the few controllers that belong to the API's contract. */
final class OwnEngine implements Engine {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(365);

  private final ServiceAccountTokens tokens = new ServiceAccountTokens();
  private final Authenticator authenticator;
  private final ObjectStore store;
  private final WatchStreams watches;
  private final OwnAnswers answers;
  private final KubeObjects objects;
  private final Controllers controllers;

  OwnEngine(KubeApiOptions options, CertificateAuthority authority, Faults faults) {
    LinkedBlockingQueue<Written> written = new LinkedBlockingQueue<>();
    store = new ObjectStore(options.historyWindow(), written::add);
    ResourceRegistry registry = new ResourceRegistry();
    Strategies strategies = new Strategies();
    strategies.put("customresourcedefinitions.apiextensions.k8s.io", new DefinitionStrategy(registry, strategies));
    strategies.put("services", new ServiceStrategy(store, options.serviceCidr(), options.serviceCidr6()));
    RbacAuthorizer authorizer = new RbacAuthorizer(store);
    Admission admission = new NoEscalation(authorizer, new Webhooks(store, new ServiceAddresses(store)));
    ObjectReader reader = new ObjectReader(store);
    ObjectWriter writer = new ObjectWriter(store, strategies, admission);
    ObjectDeleter deleter = new ObjectDeleter(store, strategies, admission);
    objects = new StoredObjects(registry, reader, writer, deleter);
    authenticator = new Authenticator(tokens, store);
    watches = new WatchStreams(reader, options.bookmarkPeriod());
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
    answers = new OwnAnswers(registry, authenticator, authorizer, resources, store, faults);
    controllers = new Controllers(written, registry, reader, writer, deleter, authority.pem());
  }

  @Override
  public Answers answers() {
    return answers;
  }

  @Override
  public KubeObjects objects() {
    return objects;
  }

  @Override
  public OpenWatches watches() {
    return watches;
  }

  @Override
  public void forget() {
    store.compact();
  }

  @Override
  public void know(String token, User user) {
    authenticator.add(token, user);
  }

  @Override
  public String serviceAccountToken(String namespace, String name) {
    return tokens.issue(
        new Claims(namespace, name, uid("serviceaccounts", namespace, name), List.of(), Optional.empty()), TOKEN_LIFETIME);
  }

  @Override
  public String podToken(String namespace, String pod) {
    BoundPod bound = new BoundPod(pod, uid("pods", namespace, pod));
    String account =
        objects.get("pods", namespace, pod).map(found -> Json.text(found, "spec", "serviceAccountName")).orElse("default");
    return tokens.issue(
        new Claims(namespace, account, uid("serviceaccounts", namespace, account), List.of(), Optional.of(bound)),
        TOKEN_LIFETIME);
  }

  private String uid(String resource, String namespace, String name) {
    return objects
        .get(resource, namespace, name)
        .map(found -> Json.text(found, "metadata", "uid"))
        .orElseThrow(
            () ->
                new KubeApiException(
                    404,
                    "NotFound",
                    resource + " \"" + name + "\" not found in namespace " + namespace + ": create it first",
                    new IllegalArgumentException(name)));
  }

  @Override
  public void begin(KubeApiOptions options, int port) {
    Bootstrap.run(objects, ServiceStrategy.apiServerAddress(options.serviceCidr()), options.advertised(), port);
    controllers.start();
  }

  @Override
  public void close() {
    controllers.close();
  }
}
