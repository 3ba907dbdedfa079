package dev.patchbay.netlink.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.nft.ConnectionState;
import dev.patchbay.netlink.nft.NftChain;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.NftRule;
import dev.patchbay.netlink.nft.NftSocket;
import dev.patchbay.netlink.nft.NftTable;
import dev.patchbay.netlink.route.Address;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ConntrackSocketTest {
  private static final NftTable TABLE = new NftTable(NftFamily.INET, "track");

  private Netns namespace;
  private ConntrackSocket socket;

  @BeforeEach
  void open() {
    namespace = Netns.create();
    socket = ConntrackSocket.open(namespace);
    try (RouteSocket route = RouteSocket.open(namespace);
        NftSocket nft = NftSocket.open(namespace)) {
      NftChain chain = NftChain.base(TABLE, "out", NftChain.Type.FILTER, NftChain.Hook.OUTPUT, NftChain.FILTER);
      NftChain nat = NftChain.base(TABLE, "nat", NftChain.Type.NAT, NftChain.Hook.OUTPUT, NftChain.DESTINATION_NAT);
      nft.execute(
          NftSocket.transaction()
              .add(TABLE.add())
              .add(chain.add())
              .add(nat.add())
              .add(NftRule.in(nat).destination(IpPrefix.of("127.0.0.99")).translateDestination(address("127.0.0.4")).build().append())
              .add(NftRule.in(chain).connectionState(ConnectionState.NEW).setConnectionMark(5, -1).build().append()));
      Batch batch = new Batch().add(Links.change("lo").up());
      Stream.of("fd00::1/128", "fd00::2/128", "fd00::3/128")
          .forEach(text -> batch.add(Address.of(1, IpPrefix.of(text)).withFlags(Address.NO_DUPLICATE_DETECTION).add()));
      route.execute(batch);
    }
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
  }

  @Test
  void connectionsOfTheAddressesAreForgottenAndNoOthers() {
    send("127.0.0.1", "127.0.0.2");
    send("127.0.0.2", "127.0.0.3");
    send("127.0.0.1", "127.0.0.3");
    send("127.0.0.1", "127.0.0.99");
    tracked("fd00::1", "fd00::2");
    tracked("fd00::1", "fd00::3");

    assertThat(destinations(Family.IPV6)).containsExactlyInAnyOrder("fd00:0:0:0:0:0:0:2", "fd00:0:0:0:0:0:0:3");
    assertThat(destinations(Family.IPV4)).containsExactlyInAnyOrder("127.0.0.2", "127.0.0.3", "127.0.0.3", "127.0.0.99");
    assertThat(socket.connections(Family.IPV4))
        .allSatisfy(
            connection -> {
              assertThat(connection.mark()).isEqualTo(5);
              assertThat(connection.original().protocol()).isEqualTo(17);
              assertThat(connection.original().destinationPort()).isEqualTo(9999);
              assertThat(connection.reply().destinationPort()).isEqualTo(connection.original().sourcePort());
            });

    // One by the source, one by the destination, one known by translation alone, one of IPv6.
    assertThat(socket.flush(List.of(address("127.0.0.2"), address("127.0.0.4"), address("fd00::2")))).isEqualTo(4);
    assertThat(destinations(Family.IPV4)).containsExactly("127.0.0.3");
    assertThat(destinations(Family.IPV6)).containsExactly("fd00:0:0:0:0:0:0:3");

    assertThat(socket.flush(List.of(address("192.0.2.1")))).isZero();
    assertThat(socket.flush(List.of())).isZero();
    assertThat(socket.flush(List.of(address("127.0.0.1"), address("fd00::1")))).isEqualTo(2);
    assertThat(socket.connections(Family.IPV6)).isEmpty();
  }

  private List<String> destinations(Family family) {
    return socket.connections(family).stream().map(connection -> connection.original().destination().getHostAddress()).toList();
  }

  /** The first packets of an IPv6 address that has just come may be lost. The source port is the same each time, so it is one connection. */
  private void tracked(String source, String destination) {
    await().atMost(60, TimeUnit.SECONDS).until(() -> {
      send(source, 5000, destination);
      return destinations(Family.IPV6).contains(address(destination).getHostAddress());
    });
  }

  private void send(String source, String destination) {
    send(source, 0, destination);
  }

  private void send(String source, int port, String destination) {
    try {
      namespace.call(
          () -> {
            try (DatagramSocket sender = new DatagramSocket(new InetSocketAddress(address(source), port))) {
              sender.send(new DatagramPacket(new byte[1], 1, new InetSocketAddress(address(destination), 9999)));
            }
            return true;
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }
}
