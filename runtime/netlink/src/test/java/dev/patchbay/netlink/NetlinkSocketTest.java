package dev.patchbay.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.route.IpPrefixes;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.Route;
import dev.patchbay.netlink.route.RouteFilter;
import dev.patchbay.netlink.route.RouteSocket;
import dev.patchbay.netlink.route.RouteType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class NetlinkSocketTest {
  @Test
  void secondThreadIsRefusedWhileTheFirstIsAtWork() throws Exception {
    try (Netns namespace = Netns.create();
        NetlinkSocket socket = NetlinkSocket.open(Protocol.ROUTE, namespace)) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch leave = new CountDownLatch(1);
      AtomicReference<Throwable> refused = new AtomicReference<>();
      Thread first =
          Thread.ofPlatform()
              .start(
                  () ->
                      socket.execute(
                          new Request() {
                            @Override
                            public void encode(MessageWriter writer) {
                              inside.countDown();
                              await(leave);
                              Links.change("lo").up().encode(writer);
                            }

                            @Override
                            public String describe() {
                              return "wait";
                            }
                          }));
      inside.await();
      try {
        socket.execute(Links.change("lo").up());
      } catch (IllegalStateException expected) {
        refused.set(expected);
      } finally {
        leave.countDown();
      }
      first.join();
      assertThat(refused.get()).hasMessageContaining("in use by another thread");
      assertThatCode(() -> socket.execute(Links.change("lo").down())).doesNotThrowAnyException();
    }
  }

  @Test
  void closedSocketSaysSo() {
    NetlinkSocket socket = NetlinkSocket.open(Protocol.ROUTE);
    socket.close();
    socket.close();
    assertThatThrownBy(() -> socket.execute(Links.change("lo").up())).hasMessageContaining("is closed");
  }

  @Test
  void failingDecoderDoesNotSpoilTheNextDump() {
    try (Netns namespace = Netns.create();
        NetlinkSocket socket = NetlinkSocket.open(Protocol.ROUTE, namespace);
        RouteSocket filler = RouteSocket.open(namespace)) {
      Batch batch = new Batch();
      for (int i = 0; i < 3000; i++) {
        batch.add(Route.to(IpPrefixes.tenDot(i)).type(RouteType.BLACKHOLE).table(300).build().add());
      }
      filler.execute(batch);
      Request dump = IpPrefixes.dumpOfIpv4Routes();
      assertThatThrownBy(
              () ->
                  socket.dump(
                      dump,
                      (message, into) -> {
                        throw new IllegalArgumentException("as planned");
                      }))
          .hasMessage("as planned");
      assertThat(socket.<Integer>dump(dump, (message, into) -> into.accept(message.type()))).hasSize(3000);
    }
  }

  @Test
  void moreErrorsThanTheBufferHoldsAreAnErrorAndNoHang() {
    try (Netns namespace = Netns.create();
        RouteSocket socket = RouteSocket.open(namespace)) {
      Batch batch = new Batch();
      for (int i = 0; i < 20_000; i++) {
        batch.add("route " + i, Route.to(IpPrefixes.tenDot(i)).type(RouteType.BLACKHOLE).table(300).build().delete());
      }
      assertThatThrownBy(() -> socket.execute(batch))
          .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOBUFS))
          .hasMessageContaining("replies are lost");
      assertThatThrownBy(() -> socket.execute(Links.delete("nobody"))).hasMessageContaining("cannot delete link nobody: ENODEV");
      socket.execute(Links.change("lo").up());
      assertThat(socket.link("lo").orElseThrow().isUp()).isTrue();
    }
  }

  @Test
  void dumpWhileTheTableChangesIsWhole() throws Exception {
    try (Netns namespace = Netns.create();
        RouteSocket reader = RouteSocket.open(namespace);
        RouteSocket writer = RouteSocket.open(namespace)) {
      Batch stable = new Batch();
      for (int i = 0; i < 1000; i++) {
        stable.add(Route.to(IpPrefixes.tenDot(i)).type(RouteType.BLACKHOLE).table(300).build().add());
      }
      writer.execute(stable);
      Route flapping = Route.to(IpPrefix.of("192.0.2.0/24")).type(RouteType.BLACKHOLE).table(300).build();
      Thread changes =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      writer.execute(flapping.add());
                      writer.execute(flapping.delete());
                    }
                  });
      for (int i = 0; i < 20; i++) {
        List<Route> routes = reader.routes(RouteFilter.all().family(Family.IPV4).table(300));
        assertThat(routes.size()).isBetween(1000, 1001);
      }
      changes.interrupt();
      changes.join();
    }
  }

  @Test
  void socketsLeaveNoDescriptorsBehind() throws Exception {
    try (Netns namespace = Netns.create()) {
      RouteSocket.open(namespace).close();
      long before = descriptors();
      for (int i = 0; i < 200; i++) {
        RouteSocket.open(namespace).close();
        namespace.duplicate().close();
      }
      assertThat(descriptors()).isLessThan(before + 50);
    }
  }

  @Test
  void refusalOfNativeAccessNamesTheOption() throws Exception {
    Path classes = classes();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny",
                "-cp",
                classes + ":" + classes.resolveSibling("test-classes"),
                NativeAccessProbe.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output).contains("--enable-native-access=ALL-UNNAMED").doesNotContain("ExceptionInInitializerError");
  }

  private static Path classes() throws URISyntaxException {
    return Path.of(NetlinkSocket.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static long descriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
