package dev.patchbay.lab.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches, by informers and line by line. */
@Timeout(180)
class WatchTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  private KubeApiServer server;

  @BeforeEach
  void start() {
    server = KubeApiServer.start(KubeApiOptions.loopback().withHistoryWindow(50));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void makePod(String name, String node) {
    server.objects().create("""
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default"},
         "spec": {"nodeName": "%s", "containers": [{"name": "main", "image": "pause"}]}}""".formatted(name, node));
  }

  private static final class Seen implements ResourceEventHandler<Pod> {
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void onAdd(Pod pod) {
      events.add("+" + pod.getMetadata().getName());
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      if (!before.getMetadata().getResourceVersion().equals(after.getMetadata().getResourceVersion())) {
        events.add("~" + after.getMetadata().getName());
      }
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      events.add("-" + pod.getMetadata().getName());
    }

    String next() throws InterruptedException {
      String event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("an event of the informer").isNotNull();
      return event;
    }
  }

  @Test
  void anInformerFollowsThroughCutsAndExpiredVersions() throws InterruptedException {
    makePod("one", "node-a");
    makePod("elsewhere", "node-b");
    Seen seen = new Seen();
    try (KubernetesClient client = Clients.admin(server);
        SharedIndexInformer<Pod> informer =
            client.pods().inAnyNamespace().withField("spec.nodeName", "node-a").inform(seen)) {
      assertThat(seen.next()).isEqualTo("+one");
      makePod("two", "node-a");
      assertThat(seen.next()).isEqualTo("+two");

      server.faults().cutWatches();
      makePod("three", "node-a");
      assertThat(seen.next()).isEqualTo("+three");

      // What happens while nobody may watch, and is forgotten before anybody can, is found by listing again.
      server.faults().refuseConnections();
      makePod("four", "node-a");
      server.objects().deleteNow("pods", "default", "one");
      server.faults().expireHistory();
      server.faults().comeBack();
      assertThat(new String[] {seen.next(), seen.next()}).containsExactlyInAnyOrder("+four", "-one");
      assertThat(informer.getStore().list()).hasSize(3);

      server.objects().updateStatus("pods", "default", "two", pod -> {
        pod.withObjectProperty("status").put("phase", "Running");
        return pod;
      });
      assertThat(seen.next()).isEqualTo("~two");
    }
  }

  @Test
  void aWatchListStartSendsWhatThereIsThenABookmark() throws IOException, InterruptedException {
    makePod("one", "node-a");
    makePod("elsewhere", "node-b");
    makePod("two", "node-a");
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken());
        Stream<String> lines =
            raw.lines(
                    "/api/v1/pods?watch=true&fieldSelector=spec.nodeName%3Dnode-a&sendInitialEvents=true"
                        + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=30")
                .body()) {
      Iterator<String> events = lines.iterator();
      assertThat(name(expect("ADDED", events))).isEqualTo("one");
      assertThat(name(expect("ADDED", events))).isEqualTo("two");
      JsonNode bookmark = expect("BOOKMARK", events);
      assertThat(bookmark.at("/metadata/annotations/k8s.io~1initial-events-end").asText()).isEqualTo("true");
      assertThat(bookmark.path("kind").asText()).isEqualTo("Pod");
      assertThat(bookmark.at("/metadata/resourceVersion").asLong()).isPositive();

      makePod("three", "node-a");
      assertThat(name(expect("ADDED", events))).isEqualTo("three");
      server.objects().deleteNow("pods", "default", "two");
      // A pod is marked before it goes, even if it is given no time.
      assertThat(expect("MODIFIED", events).at("/metadata/deletionGracePeriodSeconds").asInt(-1)).isZero();
      assertThat(name(expect("DELETED", events))).isEqualTo("two");
    }
  }

  @Test
  void aWatchGoesOnFromAVersionAndEndsInTime() throws IOException, InterruptedException {
    makePod("one", "node-a");
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      JsonNode list = MAPPER.readTree(raw.get("/api/v1/namespaces/default/pods").body());
      String version = list.at("/metadata/resourceVersion").asText();
      assertThat(list.at("/items/0").has("kind")).as("items of built-in kinds don't tell their kind").isFalse();
      makePod("two", "node-a");
      makePod("three", "node-a");
      try (Stream<String> lines =
          raw.lines("/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=3&resourceVersion=" + version).body()) {
        assertThat(lines.map(WatchTest::nameOfEvent)).containsExactly("two", "three");
      }
    }
  }

  @Test
  void aVersionTooOldIsGone() throws IOException, InterruptedException {
    makePod("one", "node-a");
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      String version =
          MAPPER.readTree(raw.get("/api/v1/pods").body()).at("/metadata/resourceVersion").asText();
      for (int i = 0; i < 60; i++) {
        int phase = i;
        server.objects().updateStatus("pods", "default", "one", pod -> {
          pod.withObjectProperty("status").put("phase", "Running").put("message", "round " + phase);
          return pod;
        });
      }
      try (Stream<String> lines = raw.lines("/api/v1/pods?watch=1&resourceVersion=" + version).body()) {
        JsonNode status = expect("ERROR", lines.iterator());
        assertThat(status.path("code").asInt()).isEqualTo(410);
        assertThat(status.path("reason").asText()).isEqualTo("Expired");
      }
    }
  }

  @Test
  void whatNoLongerMatchesIsToldAsDeleted() throws IOException, InterruptedException {
    makePod("one", "node-a");
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken());
        Stream<String> lines = raw.lines("/api/v1/pods?watch=1&labelSelector=color%3Dred").body()) {
      Iterator<String> events = lines.iterator();
      color("red");
      assertThat(name(expect("ADDED", events))).isEqualTo("one");
      color("blue");
      JsonNode last = expect("DELETED", events);
      assertThat(last.at("/metadata/labels/color").asText()).isEqualTo("red");
    }
  }

  @Test
  void bookmarksComeWhileNothingHappens() throws IOException, InterruptedException {
    try (KubeApiServer quick = KubeApiServer.start(KubeApiOptions.loopback().withBookmarkPeriod(Duration.ofMillis(50)));
        Clients.Raw raw = new Clients.Raw(quick, quick.adminToken());
        Stream<String> lines = raw.lines("/api/v1/nodes?watch=1&allowWatchBookmarks=true").body()) {
      Iterator<String> events = lines.iterator();
      JsonNode first = expect("BOOKMARK", events);
      assertThat(first.at("/metadata/annotations").isMissingNode()).isTrue();
      expect("BOOKMARK", events);
    }
  }

  @Test
  void pagesAreOfOneVersion() throws IOException, InterruptedException {
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      makePod(name, "node-a");
    }
    try (Clients.Raw raw = new Clients.Raw(server, server.adminToken())) {
      JsonNode first = MAPPER.readTree(raw.get("/api/v1/pods?limit=2").body());
      assertThat(first.path("items").findValuesAsText("name")).contains("a", "b");
      assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
      server.objects().deleteNow("pods", "default", "c");
      makePod("cc", "node-a");
      String next = first.at("/metadata/continue").asText();
      JsonNode second = MAPPER.readTree(raw.get("/api/v1/pods?limit=2&continue=" + next).body());
      assertThat(second.at("/items/0/metadata/name").asText()).isEqualTo("c");
      assertThat(second.at("/items/1/metadata/name").asText()).isEqualTo("d");
      assertThat(second.at("/metadata/resourceVersion")).isEqualTo(first.at("/metadata/resourceVersion"));
      server.faults().expireHistory();
      JsonNode expired = MAPPER.readTree(raw.get("/api/v1/pods?limit=2&continue=" + next).body());
      assertThat(expired.path("code").asInt()).isEqualTo(410);
    }
  }

  private void color(String color) {
    ObjectNode patch = MAPPER.createObjectNode();
    patch.putObject("metadata").putObject("labels").put("color", color);
    server.objects().merge("pods", "default", "one", patch);
  }

  private static JsonNode expect(String type, Iterator<String> lines) throws IOException {
    JsonNode event = MAPPER.readTree(lines.next());
    assertThat(event.path("type").asText()).as("of %s", event).isEqualTo(type);
    return event.path("object");
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static String nameOfEvent(String line) {
    try {
      return name(MAPPER.readTree(line).path("object"));
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
