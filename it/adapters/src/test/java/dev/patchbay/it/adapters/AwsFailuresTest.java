package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Failed;
import dev.patchbay.core.cloud.CloudAnswer.Interfaces;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Fault;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way to fail is told as what it means; where something may have been done, as unknown. */
class AwsFailuresTest {
  private static final String KEYS = "GET /latest/meta-data/iam/security-credentials/NodeRole";

  private final AwsLab lab = new AwsLab("m5.large");
  private final CloudCall assign = new CloudCall.AssignAddresses(lab.primary.id(), AddressFamily.IPV4, 2, 0);

  @AfterEach
  void close() {
    lab.close();
  }

  private static void is(Failed failed, Kind kind, String code) {
    assertThat(failed.kind()).as(failed.toString()).isEqualTo(kind);
    assertThat(failed.code()).isEqualTo(code);
    assertThat(failed.message()).isNotBlank();
  }

  private int held() {
    return lab.inModel(lab.primary.id()).secondaries().size();
  }

  @Test
  void throttledOnceAndNotTriedAgain() {
    lab.ec2.faults().add("ec2:AssignPrivateIpAddresses throttle calls=1");
    is(lab.failure(assign), Kind.THROTTLED, "RequestLimitExceeded");
    assertThat(lab.seen("AssignPrivateIpAddresses")).hasSize(1);
    assertThat(held()).isZero();
  }

  @Test
  void deniedByPolicyAndByCredentials() {
    lab.ec2.callers().allow("node", Set.of("ec2:Describe*"));
    Failed policy = lab.failure(assign);
    is(policy, Kind.DENIED, "UnauthorizedOperation");
    assertThat(policy.message()).contains("ec2:AssignPrivateIpAddresses");
    lab.ec2.faults().add("ec2 refuse=AuthFailure calls=1");
    is(lab.failure(new CloudCall.DescribeAttached(lab.node.id())), Kind.DENIED, "AuthFailure");
    lab.ec2.faults().add(Fault.on("ec2", new Effect.Refuse("UnauthorizedOperation",
        "You are not authorized to perform this operation. Encoded authorization failure message: " + "x".repeat(900))).calls(1));
    assertThat(lab.failure(new CloudCall.DescribeAttached(lab.node.id())).message())
        .isEqualTo("You are not authorized to perform this operation.");
  }

  /** However long the SDK would have kept them: until a time that a wrong clock once showed. */
  @Test
  void credentialsThatAreRefusedAreFetchedAnew() {
    CloudCall describe = new CloudCall.DescribeAttached(lab.node.id());
    lab.call(describe, Interfaces.class);
    lab.call(describe, Interfaces.class);
    assertThat(lab.seen(KEYS)).hasSize(1);
    lab.ec2.faults().add("ec2 refuse=ExpiredToken calls=1");
    is(lab.failure(describe), Kind.DENIED, "ExpiredToken");
    lab.ec2.faults().add("ec2 throttle calls=1");
    is(lab.failure(describe), Kind.THROTTLED, "RequestLimitExceeded");
    lab.call(describe, Interfaces.class);
    assertThat(lab.seen(KEYS)).as("fetched once more, and kept when it is not the credentials that are refused").hasSize(2);
  }

  @Test
  void theTimeOfEveryAnswerIsComparedWithTheClock() {
    assertThat(lab.client.clockAhead()).isEmpty();
    lab.call(new CloudCall.DescribeAttached(lab.node.id()), Interfaces.class);
    assertThat(lab.client.clockAhead()).hasValueSatisfying(ahead -> assertThat(ahead.abs()).isLessThan(Duration.ofSeconds(50)));
  }

  @Test
  void noRoomInTheSubnet() {
    Subnet small = lab.subnet("10.0.48.0/28", Optional.empty());
    NetworkInterface eni = lab.model.interfaces().create(InterfaceRequest.in(small.id()).build());
    // Five addresses are AWS's, so a prefix of 16 does not fit in.
    is(lab.failure(new CloudCall.AssignAddresses(eni.id(), AddressFamily.IPV4, 0, 1)), Kind.SUBNET_FRAGMENTED, "InsufficientCidrBlocks");
    is(lab.failure(new CloudCall.AssignAddresses(eni.id(), AddressFamily.IPV4, 11, 0)), Kind.SUBNET_FULL,
        "InsufficientFreeAddressesInSubnet");
    lab.model.addresses().assignIpv4(eni.id(), AddressRequest.count(10));
    is(lab.failure(new CloudCall.CreateInterface("t", "interface", small.id(), List.copyOf(lab.primary.groups()), "", Map.of(),
        AddressFamily.IPV4, 0, 0)), Kind.SUBNET_FULL, "InsufficientFreeAddressesInSubnet");
  }

  @Test
  void noRoomOnInterfaceAndInstance() {
    is(lab.failure(new CloudCall.AssignAddresses(lab.primary.id(), AddressFamily.IPV4, 10, 0)), Kind.LIMIT,
        "PrivateIpAddressLimitExceeded");
    for (int device = 1; device < 3; device++) {
      NetworkInterface eni = lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).build());
      lab.model.attachments().attach(eni.id(), lab.node.id(), device, 0);
    }
    NetworkInterface beyond = lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).build());
    is(lab.failure(new CloudCall.AttachInterface(beyond.id(), lab.node.id(), 3, 0)), Kind.LIMIT, "AttachmentLimitExceeded");
    lab.ec2.faults().add("ec2:CreateNetworkInterface refuse=NetworkInterfaceLimitExceeded calls=1");
    is(lab.failure(new CloudCall.CreateInterface("t", "interface", lab.subnet.id(), List.of(), "", Map.of(), AddressFamily.IPV4, 0,
        0)), Kind.LIMIT, "NetworkInterfaceLimitExceeded");
  }

  @Test
  void whatIsNotThere() {
    String none = "eni-0123456789abcdef0";
    is(lab.failure(new CloudCall.Delete(none)), Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
    is(lab.failure(new CloudCall.Detach(none, "eni-attach-0123456789abcdef0")), Kind.NOT_FOUND, "InvalidAttachmentID.NotFound");
    is(lab.failure(new CloudCall.Tag(none, Map.of("a", "b"))), Kind.NOT_FOUND, "InvalidNetworkInterfaceID.NotFound");
    is(lab.failure(new CloudCall.DescribeType("m99.large")), Kind.NOT_FOUND, "InvalidInstanceType");
    Failed loose = lab.failure(new CloudCall.Unassign(lab.primary.id(), List.of(Cidr.of("10.0.0.99/32"))));
    assertThat(loose.kind()).as(loose.toString()).isEqualTo(Kind.NOT_FOUND);
    assertThat(lab.call(new CloudCall.DescribeInterface(none), Interfaces.class).enis()).isEmpty();
    assertThat(lab.call(new CloudCall.DescribeAttached("i-0123456789abcdef0"), Interfaces.class).enis()).isEmpty();
  }

  @Test
  void whatIsInTheWrongState() {
    NetworkInterface eni = lab.model.interfaces().create(InterfaceRequest.in(lab.subnet.id()).build());
    is(lab.failure(new CloudCall.AttachInterface(eni.id(), lab.node.id(), 0, 0)), Kind.STATE, "InvalidParameterValue");
    assertThat(lab.failure(new CloudCall.Delete(lab.primary.id())).kind()).isEqualTo(Kind.STATE);
    assertThat(lab.failure(new CloudCall.AttachInterface(lab.primary.id(), lab.node.id(), 1, 0)).kind()).isEqualTo(Kind.STATE);
    lab.ec2.faults().add("ec2:DetachNetworkInterface refuse=IncorrectState calls=1");
    is(lab.failure(new CloudCall.Detach(eni.id(), "eni-attach-1")), Kind.STATE, "IncorrectState");
  }

  @Test
  void refusedForAnotherReason() {
    assertThat(lab.failure(new CloudCall.Tag(lab.primary.id(), Map.of("aws:mine", "x"))).kind()).isEqualTo(Kind.REFUSED);
    is(lab.failure(new CloudCall.AssignAddresses(lab.primary.id(), AddressFamily.IPV4, 1, 1)), Kind.REFUSED, "InvalidParameterCombination");
  }

  @Test
  void aLostAnswerIsUnknownAndTheCallWasMadeOnce() {
    for (int round = 1; round <= 3; round++) {
      lab.ec2.faults().add("ec2:AssignPrivateIpAddresses drop calls=1");
      Failed failed = lab.failure(assign);
      assertThat(failed.kind()).as(failed.toString()).isEqualTo(Kind.UNKNOWN);
      assertThat(lab.seen("AssignPrivateIpAddresses")).hasSize(round).allMatch(c -> c.outcome().equals("lost"));
      assertThat(held()).isEqualTo(2 * round);
    }
  }

  @Test
  void aFailureOfEc2ItselfIsUnknown() {
    lab.ec2.faults().add("ec2:AssignPrivateIpAddresses refuse=InternalError calls=1");
    is(lab.failure(assign), Kind.UNKNOWN, "InternalError");
    lab.ec2.faults().add("ec2:AssignPrivateIpAddresses refuse=Unavailable calls=1");
    is(lab.failure(assign), Kind.UNKNOWN, "Unavailable");
    assertThat(lab.seen("AssignPrivateIpAddresses")).hasSize(2);
  }

  @Test
  void anAnswerThatIsTooLateIsUnknownWithinTheTimeLimit() {
    try (CloudClient hasty = lab.open(lab.endpoint, Duration.ofSeconds(4))) {
      // The first call of a client loads classes and credentials.
      assertThat(hasty.call(new CloudCall.DescribeAttached(lab.node.id()))).isNotNull();
      lab.ec2.faults().add("ec2:AssignPrivateIpAddresses delay=60s calls=1");
      long start = System.nanoTime();
      CloudAnswer answer = hasty.call(assign);
      while (answer instanceof Failed failed && failed.kind() == Kind.UNREACHABLE) {
        // This machine was busy all that time, and nothing was sent.
        answer = hasty.call(assign);
      }
      assertThat(answer).isInstanceOfSatisfying(Failed.class, f -> assertThat(f.kind()).as(f.toString()).isEqualTo(Kind.UNKNOWN));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("before the answer came").isLessThan(Duration.ofSeconds(60));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      KubeLab.await("the next call is answered", () -> hasty.call(new CloudCall.DescribeAttached(lab.node.id())) instanceof Interfaces);
    }
    assertThat(held()).isEqualTo(2);
  }

  @Test
  void whoIsNotThereIsUnreachable() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (CloudClient client = lab.open(URI.create("http://127.0.0.1:" + port), AwsLab.LIMIT)) {
      assertThat(client.call(assign)).isInstanceOfSatisfying(Failed.class, f -> is(f, Kind.UNREACHABLE, "ConnectException"));
    }
  }

  @Test
  void whoDoesNotTakeTheConnectionIsUnreachable() throws IOException {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Its queue of two is filled, so that Linux drops what comes.
      for (int n = 0; n < 2; n++) {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), deaf.getLocalPort()), 1000);
        waiting.add(socket);
      }
      try (CloudClient client = lab.open(URI.create("http://127.0.0.1:" + deaf.getLocalPort()), Duration.ofSeconds(2))) {
        // On a busy machine the limit of the whole call is over first.
        assertThat(client.call(assign)).isInstanceOfSatisfying(Failed.class, f -> assertThat(f.kind()).as(f.toString()).isEqualTo(Kind.UNREACHABLE));
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void withoutCredentialsNothingIsSent() {
    lab.client.metadata();
    lab.ec2.faults().add("imds cut");
    Failed failed = lab.failure(assign);
    assertThat(failed.kind()).as(failed.toString()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failed.message()).containsIgnoringCase("credentials");
    assertThat(lab.seen("AssignPrivateIpAddresses")).isEmpty();
    lab.ec2.faults().clear();
    lab.call(assign, dev.patchbay.core.cloud.CloudAnswer.Assigned.class);
  }

  @Test
  void withoutARegionNothingIsSent() {
    lab.ec2.faults().add("imds refuse=403");
    Failed failed = lab.failure(assign);
    is(failed, Kind.UNREACHABLE, "NoRegion");
    assertThat(failed.message()).contains("HttpEndpoint");
  }
}
