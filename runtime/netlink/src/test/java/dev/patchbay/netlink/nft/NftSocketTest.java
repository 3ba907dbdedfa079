package dev.patchbay.netlink.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.netlink.Batch;
import dev.patchbay.netlink.BatchException;
import dev.patchbay.netlink.Errno;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Netns;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.route.Links;
import dev.patchbay.netlink.route.RouteSocket;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the real kernel, with the nft tool as witness. */
@Timeout(180)
class NftSocketTest {
  private static final NftTable TABLE = new NftTable(NftFamily.INET, "lab");
  private static final NftChain PRE =
      NftChain.base(TABLE, "pre", NftChain.Type.FILTER, NftChain.Hook.PREROUTING, NftChain.RAW);
  private static final NftChain POST =
      NftChain.base(TABLE, "post", NftChain.Type.NAT, NftChain.Hook.POSTROUTING, NftChain.SOURCE_NAT);
  private static final NftChain DNAT =
      NftChain.base(TABLE, "dnat", NftChain.Type.NAT, NftChain.Hook.PREROUTING, NftChain.DESTINATION_NAT);
  private static final NftChain SUB = NftChain.regular(TABLE, "sub");
  private static final NftSet MARKS =
      NftSet.map(TABLE, "marks", List.of(DataType.IPV4_ADDRESS), List.of(DataType.MARK)).withComment("whose is it");
  private static final NftSet PAIRS = NftSet.of(TABLE, "pairs", DataType.LINK_NAME, DataType.IPV4_ADDRESS);
  private static final NftSet NETS = NftSet.of(TABLE, "nets", DataType.IPV6_ADDRESS).withIntervals();
  private static final NftSet GROUPS = NftSet.verdictMap(TABLE, "groups", DataType.LINK_NAME);
  private static final NftSet ALLOWED =
      NftSet.of(TABLE, "allowed", DataType.IPV4_ADDRESS, DataType.PROTOCOL, DataType.PORT).withIntervals();
  private static final NftSet PORTS =
      NftSet.map(TABLE, "ports", List.of(DataType.PROTOCOL, DataType.PORT), List.of(DataType.IPV4_ADDRESS, DataType.PORT));

  private Netns namespace;
  private NftSocket socket;

  @BeforeEach
  void open() {
    namespace = Netns.create();
    socket = NftSocket.open(namespace);
  }

  @AfterEach
  void close() {
    socket.close();
    namespace.close();
  }

  @Test
  void nftToolPrintsWhatWasMade() throws Exception {
    socket.execute(everything());
    assertThat(nft("list", "ruleset"))
        .isEqualTo(
            """
            table inet lab {
            	map marks {
            		type ipv4_addr : mark
            		comment "whose is it"
            		elements = { 10.0.0.7 comment "pod 7" : 0x00000080 }
            	}

            	set pairs {
            		type ifname . ipv4_addr
            		elements = { "eni1" . 10.0.0.7 }
            	}

            	set nets {
            		type ipv6_addr
            		flags interval
            		elements = { fd00::/16,
            			     ff00::/8 }
            	}

            	map groups {
            		type ifname : verdict
            		elements = { "eni1" : jump sub,
            			     "eni2" : drop }
            	}

            	set allowed {
            		type ipv4_addr . inet_proto . inet_service
            		flags interval
            		elements = { 10.1.0.0/16 . tcp . 1024-65535 }
            	}

            	map ports {
            		type inet_proto . inet_service : ipv4_addr . inet_service
            		elements = { tcp . 8080 : 10.0.0.7 . 80 }
            	}

            	chain sub {
            		ct state established,related accept
            		ip saddr . meta l4proto . th dport @allowed accept comment "security group"
            		limit rate 10/second burst 7 packets counter packets 0 bytes 0
            		drop
            	}

            	chain pre {
            		type filter hook prerouting priority raw; policy accept;
            		iifname . ip saddr != @pairs counter packets 0 bytes 0 drop
            		ip6 saddr @nets accept
            		meta mark set ip saddr map @marks
            		iifname "eth0" fib daddr type local meta mark set meta mark | 0x00000080
            		iifname vmap @groups
            		iifname "eni*" ct mark & 0x00000080 == 0x00000080 meta mark set ct mark & 0x00000080
            		ct mark set meta mark
            		notrack
            	}

            	chain post {
            		type nat hook postrouting priority srcnat; policy accept;
            		oifname "eth0" ip daddr != 10.0.0.0/8 snat ip to 10.0.0.1 fully-random
            		oifname != "eth0" meta mark & 0x00000080 == 0x00000080 masquerade
            	}

            	chain dnat {
            		type nat hook prerouting priority dstnat; policy accept;
            		tcp dport 8443 meta nfproto ipv4 dnat ip to 10.0.0.9:443
            		meta nfproto ipv4 dnat ip to meta l4proto . th dport map @ports
            	}
            }
            """);
  }

  @Test
  void listsShowWhatWasMade() {
    Batch transaction = everything();
    socket.execute(transaction);
    assertThat(socket.tables()).containsExactly(TABLE);
    assertThat(socket.chains(TABLE)).containsExactlyInAnyOrder(SUB, PRE, POST, DNAT);
    assertThat(socket.sets(TABLE)).containsExactlyInAnyOrder(MARKS, PAIRS, NETS, GROUPS, ALLOWED, PORTS);
    assertThat(socket.elements(MARKS)).containsExactly(pod7());
    assertThat(socket.elements(NETS))
        .containsExactly(Element.prefix(IpPrefix.of("fd00::/16")), Element.prefix(IpPrefix.of("ff00::/8")));
    assertThat(socket.elements(ALLOWED)).containsExactly(allowed());
    assertThat(socket.elements(PORTS)).containsExactly(port8080());
    assertThat(socket.elements(GROUPS))
        .containsExactlyInAnyOrder(
            Element.of(Value.linkName("eni1")).to(Verdict.jump("sub")), Element.of(Value.linkName("eni2")).to(Verdict.DROP));
    for (NftChain chain : List.of(SUB, PRE, POST, DNAT)) {
      assertThat(socket.rules(chain))
          .extracting(NftRule::expressions)
          .containsExactlyElementsOf(rules(chain).stream().map(NftRule::expressions).toList());
    }
    assertThat(socket.rules(TABLE)).hasSize(16).allSatisfy(rule -> assertThat(rule.handle()).isPositive());
    assertThat(socket.rules(SUB).get(1).comment()).isEqualTo("security group");
  }

  @Test
  void failedTransactionDoesNothingAndNamesTheRequests() {
    NftChain missing = NftChain.regular(TABLE, "missing");
    Batch transaction =
        NftSocket.transaction()
            .add("table", TABLE.add())
            .add("chain", SUB.add())
            .add("bad rule", NftRule.in(missing).accept().build().append())
            .add("set", MARKS.add())
            .add("bad flush", PAIRS.flush())
            .add("good rule", NftRule.in(SUB).accept().build().append());
    assertThatThrownBy(() -> socket.execute(transaction))
        .isInstanceOfSatisfying(
            BatchException.class,
            failure -> {
              assertThat(failure.failures()).extracting(f -> f.label()).containsExactly("bad rule", "bad flush");
              assertThat(failure.errno()).isEqualTo(Errno.ENOENT);
              assertThat(failure).hasMessageContaining("bad rule: cannot append rule in chain inet lab missing: ENOENT");
            });
    assertThat(socket.tables()).isEmpty();
    assertThat(socket.sets(TABLE)).isEmpty();
  }

  @Test
  void lastRequestsFailureIsReportedToo() {
    assertThatThrownBy(() -> socket.execute(TABLE.delete())).hasMessageContaining("cannot delete table inet lab: ENOENT");
    socket.execute(TABLE.create());
    assertThatThrownBy(() -> socket.execute(TABLE.create())).hasMessageContaining("EEXIST");
    socket.execute(NftSocket.transaction().add(TABLE.add()).add(TABLE.delete()));
    assertThat(socket.tables()).isEmpty();
  }

  @Test
  void elementsComeAndGoByTheThousand() {
    List<Element> many = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      many.add(Element.of(Value.bytes((byte) 10, (byte) 9, (byte) (i >> 8), (byte) i)).to(Value.number(i)).withComment("n" + i));
    }
    List<Request> requests = MARKS.add(many);
    assertThat(requests.size()).isGreaterThan(10);
    Batch transaction = NftSocket.transaction().add(TABLE.add()).add(MARKS.add());
    requests.forEach(transaction::add);
    socket.execute(transaction);
    assertThat(settledElements(many)).isEqualTo(new HashSet<>(many)).hasSize(20_000);

    socket.execute(MARKS.remove(many.get(5)));
    List<Element> rest = new ArrayList<>(many);
    rest.remove(5);
    assertThat(settledElements(rest)).isEqualTo(new HashSet<>(rest));
    assertThatThrownBy(() -> socket.execute(MARKS.remove(many.get(5)))).hasMessageContaining("ENOENT");
    socket.execute(MARKS.flush());
    assertThat(socket.elements(MARKS)).isEmpty();
  }

  /**
   * The elements, once the kernel has grown the set's hash table: it does so in the background, and a list that is read meanwhile can
   * lack some or have some twice (Linux, nft_rhash_walk).
   */
  private Set<Element> settledElements(List<Element> expected) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    Set<Element> seen;
    do {
      seen = new HashSet<>(socket.elements(MARKS));
    } while (seen.size() != expected.size() && System.nanoTime() < end);
    return seen;
  }

  @Test
  void intervalsUpToTheHighestKeyAndNextToEachOther() {
    NftSet ports = NftSet.verdictMap(TABLE, "p", DataType.PORT).withIntervals();
    Element low = Element.range(Value.port(0), Value.port(99)).to(Verdict.DROP);
    Element next = Element.of(Value.port(100)).to(Verdict.ACCEPT);
    Element high = Element.range(Value.port(60000), Value.port(65535)).to(Verdict.DROP);
    Batch transaction = NftSocket.transaction().add(TABLE.add()).add(ports.add());
    ports.add(List.of(high, next, low)).forEach(transaction::add);
    socket.execute(transaction);
    assertThat(socket.elements(ports)).containsExactly(low, next, high);
    socket.execute(ports.remove(next));
    assertThat(socket.elements(ports)).containsExactly(low, high);
  }

  @Test
  void rulesAreReplacedInsertedAndDeletedByHandle() {
    socket.execute(NftSocket.transaction().add(TABLE.add()).add(SUB.add()).add(rule("a").append()).add(rule("b").append()));
    List<NftRule> before = socket.rules(SUB);
    socket.execute(
        NftSocket.transaction()
            .add(rule("c").prepend())
            .add(rule("d").insertAfter(before.get(0).handle()))
            .add(rule("e").replace(before.get(1).handle())));
    assertThat(socket.rules(SUB)).extracting(NftRule::comment).containsExactly("c", "a", "d", "e");
    socket.execute(socket.rules(SUB).get(1).delete());
    assertThat(socket.rules(SUB)).extracting(NftRule::comment).containsExactly("c", "d", "e");
    socket.execute(SUB.flush());
    assertThat(socket.rules(SUB)).isEmpty();
    assertThatThrownBy(() -> rule("x").delete()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void packetsAreCountedByWhatTheMapSays() throws Exception {
    InetAddress target = InetAddress.ofLiteral("127.0.0.9");
    NftChain out = NftChain.base(TABLE, "out", NftChain.Type.FILTER, NftChain.Hook.OUTPUT, NftChain.FILTER);
    NftSet map = NftSet.map(TABLE, "m", List.of(DataType.IPV4_ADDRESS), List.of(DataType.MARK));
    socket.execute(
        NftSocket.transaction()
            .add(TABLE.add())
            .add(out.add())
            .add(map.add())
            .add(map.add(Element.of(Value.of(target)).to(Value.number(0x42))))
            .add(NftRule.in(out).markFrom(map, Key.DESTINATION_IPV4).build().append())
            .add(NftRule.in(out).mark(0x42, -1).protocol(17).destinationPort(9999).counter().build().append()));
    try (RouteSocket route = RouteSocket.open(namespace)) {
      route.execute(Links.change("lo").up());
    }
    namespace.call(
        () -> {
          try (DatagramSocket sender = new DatagramSocket()) {
            for (int i = 0; i < 3; i++) {
              sender.send(new DatagramPacket(new byte[10], 10, new InetSocketAddress(target, 9999)));
            }
            sender.send(new DatagramPacket(new byte[10], 10, new InetSocketAddress(target, 9998)));
          }
          return true;
        });
    assertThat(socket.rules(out).get(1).packets()).isEqualTo(3);
  }

  @Test
  void badArgumentsAreNamed() {
    assertThatThrownBy(() -> MARKS.add(Element.of(Value.port(1)).to(Value.number(1)))).hasMessageContaining("has 4 bytes");
    assertThatThrownBy(() -> MARKS.add(Element.of(Value.number(1)))).hasMessageContaining("does not give");
    assertThatThrownBy(() -> NftRule.in(PRE).in(PAIRS, Key.SOURCE_IPV4)).hasMessageContaining("keys of set inet lab pairs");
    assertThatThrownBy(() -> new NftTable(NftFamily.IP, "")).hasMessageContaining("can't name a table");
    assertThatThrownBy(() -> Verdict.jump("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NftRule(SUB, List.of(new Expression.Unknown("xfrm")), "", 0).append().encode(
            new MessageWriter(1000)))
        .hasMessageContaining("can be listed but not sent");
  }

  private static NftRule rule(String comment) {
    return NftRule.in(SUB).accept().comment(comment).build();
  }

  private static Element pod7() {
    return Element.of(Value.of(InetAddress.ofLiteral("10.0.0.7"))).to(Value.number(0x80)).withComment("pod 7");
  }

  private static Element port8080() {
    return Element.of(Value.concatenation(Value.oneByte(6), Value.port(8080)))
        .to(Value.concatenation(Value.of(InetAddress.ofLiteral("10.0.0.7")), Value.port(80)));
  }

  private static Element allowed() {
    return Element.range(
        Value.concatenation(Value.of(InetAddress.ofLiteral("10.1.0.0")), Value.oneByte(6), Value.port(1024)),
        Value.concatenation(Value.of(InetAddress.ofLiteral("10.1.255.255")), Value.oneByte(6), Value.port(65535)));
  }

  private static List<NftRule> rules(NftChain chain) {
    return switch (chain.name()) {
      case "sub" ->
          List.of(
              NftRule.in(SUB).connectionState(ConnectionState.ESTABLISHED, ConnectionState.RELATED).accept().build(),
              NftRule.in(SUB).in(ALLOWED, Key.SOURCE_IPV4, Key.PROTOCOL, Key.DESTINATION_PORT).accept().comment("security group").build(),
              NftRule.in(SUB).limitPacketsPerSecond(10, 7).counter().build(),
              NftRule.in(SUB).drop().build());
      case "pre" ->
          List.of(
              NftRule.in(PRE).notIn(PAIRS, Key.INPUT_LINK, Key.SOURCE_IPV4).counter().drop().build(),
              NftRule.in(PRE).in(NETS, Key.SOURCE_IPV6).accept().build(),
              NftRule.in(PRE).markFrom(MARKS, Key.SOURCE_IPV4).build(),
              NftRule.in(PRE).inputLink("eth0").destinationIsLocal().setMark(0x80, 0x80).build(),
              NftRule.in(PRE).verdictFrom(GROUPS, Key.INPUT_LINK).build(),
              NftRule.in(PRE).inputLinkPrefix("eni").connectionMark(0x80, 0x80).markFromConnection(0x80).build(),
              NftRule.in(PRE).connectionMarkFromPacket(-1).build(),
              NftRule.in(PRE).noTrack().build());
      case "post" ->
          List.of(
              NftRule.in(POST).outputLink("eth0").notDestination(IpPrefix.of("10.0.0.0/8"))
                  .translateSourceRandomly(InetAddress.ofLiteral("10.0.0.1")).build(),
              NftRule.in(POST).notOutputLink("eth0").mark(0x80, 0x80).masquerade().build());
      case "dnat" ->
          List.of(
              NftRule.in(DNAT).protocol(6).destinationPort(8443).translateDestination(InetAddress.ofLiteral("10.0.0.9"), 443).build(),
              NftRule.in(DNAT).translateDestinationFrom(PORTS, Key.PROTOCOL, Key.DESTINATION_PORT).build());
      default -> throw new IllegalArgumentException(chain.name());
    };
  }

  private static Batch everything() {
    Batch transaction = NftSocket.transaction().add("table", TABLE.add());
    List.of(SUB, PRE, POST, DNAT).forEach(chain -> transaction.add(chain.toString(), chain.add()));
    List.of(MARKS, PAIRS, NETS, GROUPS, ALLOWED, PORTS).forEach(set -> transaction.add(set.toString(), set.add()));
    transaction.add(MARKS.add(pod7()));
    transaction.add(
        PAIRS.add(Element.of(Value.concatenation(Value.linkName("eni1"), Value.of(InetAddress.ofLiteral("10.0.0.7"))))));
    NETS.add(List.of(Element.prefix(IpPrefix.of("fd00::/16")), Element.prefix(IpPrefix.of("ff00::/8")))).forEach(transaction::add);
    GROUPS.add(
            List.of(
                Element.of(Value.linkName("eni1")).to(Verdict.jump("sub")), Element.of(Value.linkName("eni2")).to(Verdict.DROP)))
        .forEach(transaction::add);
    transaction.add(ALLOWED.add(allowed())).add(PORTS.add(port8080()));
    for (NftChain chain : List.of(SUB, PRE, POST, DNAT)) {
      rules(chain).forEach(rule -> transaction.add(rule.toString(), rule.append()));
    }
    return transaction;
  }

  private String nft(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("nsenter");
    command.add("--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.fd());
    command.add("nft");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
