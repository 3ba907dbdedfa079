package dev.patchbay.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class NetnsTest {
  @Test
  void newNamespaceIsAnotherOneAndHasOnlyLo() {
    try (Netns own = Netns.current();
        Netns made = Netns.create();
        RouteSocket socket = RouteSocket.open(made)) {
      assertThat(made).isNotEqualTo(own);
      assertThat(made.cookie()).isNotEqualTo(own.cookie());
      assertThat(socket.links()).extracting(link -> link.name()).containsExactly("lo");
    }
  }

  @Test
  void duplicateIsTheSameNamespaceAndOutlivesTheOriginal() {
    Netns made = Netns.create();
    try (Netns copy = made.duplicate()) {
      assertThat(copy).isEqualTo(made).hasSameHashCodeAs(made);
      made.close();
      assertThat(copy.cookie()).isPositive();
      assertThatThrownBy(made::fd).isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
    }
  }

  @Test
  void aCopyOfAForeignDescriptorIsClosedOnItsOwn() {
    try (Netns made = Netns.create()) {
      try (Netns copy = Netns.copyOf(made.fd())) {
        assertThat(copy).isEqualTo(made);
        assertThat(copy.fd()).isNotEqualTo(made.fd());
      }
      assertThat(made.cookie()).isPositive();
    }
    assertThatThrownBy(() -> Netns.copyOf(1_000_000)).isInstanceOf(NetlinkException.class).hasMessageContaining("EBADF");
    assertThatThrownBy(() -> Netns.copyOf(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no network namespace");
  }

  @Test
  void namedNamespaceIsSeenByTheIpToolAndDeletingItLeavesNothing() throws Exception {
    String name = TestNames.unique();
    try (Netns made = Netns.create(name)) {
      assertThat(run("ip", "netns", "list")).contains(name);
      try (Netns opened = Netns.open(name)) {
        assertThat(opened).isEqualTo(made);
      }
      assertThatThrownBy(() -> Netns.create(name)).isInstanceOf(NetlinkException.class).hasMessageContaining("EEXIST");
    } finally {
      Netns.delete(name);
    }
    assertThat(Netns.pathOf(name)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(name);
    assertThat(run("ip", "netns", "list")).doesNotContain(name);
  }

  @Test
  void taskRunsInsideAndTheCallingThreadStaysOutside() throws Exception {
    Path own = Path.of("/proc/thread-self/ns/net");
    String before = Files.readSymbolicLink(own).toString();
    try (Netns made = Netns.create()) {
      String inside = made.call(() -> Files.readSymbolicLink(own).toString());
      assertThat(inside).isEqualTo("net:[" + made.inode() + "]");
      made.call(
          () -> {
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
            return true;
          });
      assertThat(made.call(() -> Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip())).isEqualTo("1");
      assertThatThrownBy(
              () ->
                  made.call(
                      () -> {
                        throw new IOException("as planned");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("as planned");
    }
    assertThat(Files.readSymbolicLink(own)).hasToString(before);
  }

  @Test
  void whatIsNoNetworkNamespaceIsRefused() {
    assertThatThrownBy(() -> Netns.open(Path.of("/proc/self/ns/mnt")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no network namespace");
    assertThatThrownBy(() -> Netns.open(Path.of("/etc/hostname"))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Netns.open("no-such-namespace"))
        .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.ENOENT));
    assertThatThrownBy(() -> Netns.open("../escape")).isInstanceOf(IllegalArgumentException.class);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
