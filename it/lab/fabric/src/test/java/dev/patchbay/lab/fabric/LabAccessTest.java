package dev.patchbay.lab.fabric;

import static dev.patchbay.lab.fabric.World.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How instances reach what the lab runs for them: metadata, endpoints; and how the lab reaches into instances. */
class LabAccessTest {
  private World world;
  private NetworkNamespace a;
  private NetworkNamespace b;
  private Greeter forA;
  private Greeter forB;

  @BeforeEach
  void build() throws IOException {
    world = new World();
    a = world.node("i-a", "02:00:00:00:00:0a", "a", "10.0.0.10", "10.0.0.11", "2001:db8:1::10");
    b = world.node("i-b", "02:00:00:00:00:0b", "b", "10.0.1.20");
    forA = new Greeter("I am a's");
    forB = new Greeter("I am b's");
  }

  @AfterEach
  void remove() throws IOException {
    forA.close();
    forB.close();
    world.close();
  }

  @Test
  void everyInstanceHasItsOwnMetadata() {
    serveMetadata();
    assertThat(answer(a, Fabric.METADATA, 80)).isEqualTo("I am a's, you said");
    assertThat(answer(b, Fabric.METADATA, 80)).isEqualTo("I am b's, you said");
    assertThat(answer(a, Fabric.METADATA_6, 80)).isEqualTo("I am a's, you said");
    NetworkNamespace c = world.node("i-c", "02:00:00:00:00:0c", "a", "10.0.0.30");
    assertThat(get(c, Fabric.METADATA, 80)).as("an instance without metadata").isEmpty();
  }

  @Test
  void metadataReachesPodsOnlyWithAHopToSpare() {
    serveMetadata();
    NetworkNamespace pod = world.pod(a, "pod", "10.0.0.11");
    assertThat(World.reaches(pod, "10.0.1.20")).isTrue();
    assertThat(get(pod, Fabric.METADATA, 80)).isEmpty();
    world.fabric.setMetadataHopLimit("i-a", 2);
    assertThat(answer(pod, Fabric.METADATA, 80)).isEqualTo("I am a's, you said");
    assertThat(answer(a, Fabric.METADATA, 80)).isEqualTo("I am a's, you said");
    world.fabric.setMetadataHopLimit("i-a", 1);
    assertThat(get(pod, Fabric.METADATA, 80)).isEmpty();
  }

  @Test
  void securityGroupsDoNotConcernMetadata() {
    serveMetadata();
    world.fabric.setGroup(new SecurityGroup("open", List.of(), List.of()));
    assertThat(answer(a, Fabric.METADATA, 80)).isEqualTo("I am a's, you said");
  }

  @Test
  void nothingElseAnswersOnTheRouter() {
    assertThat(World.silent(a, "10.0.0.1")).isTrue();
    assertThat(World.silent(a, "169.254.169.254")).isTrue();
    assertThat(get(a, ip("10.0.0.1"), 80)).isEmpty();
  }

  @Test
  void endpointIsReachedFromInstancesAndNotFromPods() {
    world.fabric.publish(6443, forA.address());
    assertThat(answer(a, Fabric.LAB_HOST, 6443)).isEqualTo("I am a's, you said");
    assertThat(answer(b, Fabric.LAB_HOST, 6443)).isEqualTo("I am a's, you said");
    NetworkNamespace pod = world.pod(a, "pod", "10.0.0.11");
    assertThat(World.reaches(pod, "10.0.1.20")).isTrue();
    assertThat(get(pod, Fabric.LAB_HOST, 6443)).isEmpty();
  }

  @Test
  void instancesDoNotMeetThere() {
    String addressOfA = a.run("ip", "-4", "-o", "address", "show", "vlanlab0").output().split(" +")[3].replaceAll("/.*", "");
    World.command(b, "ip route add " + addressOfA + "/32 via 198.18.0.1 dev vlanlab0 onlink");
    assertThat(World.silent(b, addressOfA)).isTrue();
  }

  @Test
  void serverOnAnInstancesLoopbackIsReachedFromHere() throws Exception {
    InetAddress loopback = ip("127.0.0.1");
    try (Echo daemon = Echo.serve(a, loopback, 9102);
        Relay relay = world.fabric.expose("i-a", daemon.address().getPort());
        SocketChannel channel = SocketChannel.open(relay.address())) {
      assertThat(read(channel)).isEqualTo("127.0.0.1\n");
    }
    try (Relay relay = world.fabric.expose("i-a", 9103);
        SocketChannel channel = SocketChannel.open(relay.address())) {
      // Nobody listens there: the connection ends rather than hangs.
      assertThat(read(channel)).isEmpty();
      assertThat(relay.refused()).isEqualTo(1);
    }
  }

  private void serveMetadata() {
    Map<String, InetSocketAddress> servers = Map.of("i-a", forA.address(), "i-b", forB.address());
    world.fabric.serveMetadata(instance -> Optional.ofNullable(servers.get(instance)));
  }

  /** A server in the process's own namespace that answers what it is asked, once, with a word and the question. */
  private static final class Greeter implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final String word;

    Greeter(String word) throws IOException {
      this.word = word;
      listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      Thread.ofPlatform().daemon().start(this::serve);
    }

    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), listener.socket().getLocalPort());
    }

    private void serve() {
      try {
        while (true) {
          try (SocketChannel client = listener.accept()) {
            ByteBuffer question = ByteBuffer.allocate(100);
            client.read(question);
            client.write(ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8)));
            client.write(question.flip());
          }
        }
      } catch (ClosedChannelException closed) {
        // The end of the test.
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** What comes back in the end: the first packets may be lost while a device that was just set up comes up. */
  private static String answer(NetworkNamespace from, InetAddress host, int port) {
    long deadline = System.nanoTime() + World.PATIENCE.toNanos();
    String got;
    do {
      got = get(from, host, port);
    } while (got.isEmpty() && System.nanoTime() < deadline);
    return got;
  }

  /** A question from inside a namespace; what came back, or nothing if there was no connection. */
  private static String get(NetworkNamespace from, InetAddress host, int port) {
    try (SocketChannel channel = from.openSocket()) {
      channel.socket().connect(new InetSocketAddress(host, port), 500);
      channel.write(ByteBuffer.wrap(", you said".getBytes(StandardCharsets.US_ASCII)));
      return read(channel);
    } catch (IOException unreachable) {
      return "";
    }
  }

  private static String read(SocketChannel channel) throws IOException {
    channel.socket().setSoTimeout(Math.toIntExact(World.PATIENCE.toMillis()));
    return new String(channel.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
