package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.VpcState;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.services.ec2.model.Ec2Request;

/**
 * Every action is asked with parameters of its own names and values of all sorts, right ones and wrong ones. Whatever is asked:
 * the answer is one of EC2's, never a failure of the lab, and what is refused has changed nothing.
 */
class AnythingAskedTest {
  private static final int ROUNDS = 25;

  private final World world = new World();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
    world.close();
  }

  @Test
  void isAnsweredOrRefusedWhole() throws Exception {
    world.model.interfaces().create(InterfaceRequest.in(world.subnet.id()).build());
    world.model.interfaces().create(InterfaceRequest.in(world.subnet.id()).kind(NetworkInterface.Kind.TRUNK).build());
    InternetGateway gateway = world.model.gateways().create(Map.of());
    world.model.gateways().attach(gateway.id(), world.vpc.id());
    world.model.gateways().createEgressOnly(world.vpc.id(), Map.of(), "");
    world.model.routeTables().create(world.vpc.id(), Map.of(), "");
    world.model.nats().create(world.subnet.id(), world.model.nats().allocate(Map.of()).allocationId(), Optional.empty(), Map.of(), "");
    SignedRequests signed = new SignedRequests(world.endpoint, world.server.callers().issue("node", Duration.ofHours(1)));
    List<String> failures = new ArrayList<>();
    int accepted = 0;
    TreeSet<String> codes = new TreeSet<>();
    for (String action : new TreeSet<>(world.server.actions())) {
      // No instance is ended: the others would have less to act on.
      for (int round = 0; round < ROUNDS && !action.startsWith("Terminate"); round++) {
        SplittableRandom random = new SplittableRandom(action.hashCode() * 1000L + round);
        Map<String, String> parameters = new TreeMap<>();
        fields(builder(action), "", parameters, random, 0);
        StringBuilder body = new StringBuilder("Action=" + action + "&Version=2016-11-15");
        parameters.forEach((name, value) -> body.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        VpcState before = world.model.state();
        HttpResponse<String> answer = http.send(signed.post(body.toString()), HttpResponse.BodyHandlers.ofString());
        String outcome = world.last().outcome();
        if (outcome.equals("InternalError")) {
          failures.add(action + " " + parameters);
        }
        codes.add(outcome);
        if (answer.statusCode() == 200) {
          accepted++;
        } else {
          assertThat(answer.body()).contains("<Response><Errors><Error><Code>" + outcome + "</Code><Message>");
          assertThat(world.model.state()).as("%s round %d: %s", action, round, parameters).isSameAs(before);
        }
      }
    }
    assertThat(failures).as("requests that the lab fails on itself").isEmpty();
    assertThat(accepted).as("accepted; refusals seen: " + codes).isGreaterThan(150);
    assertThat(codes).hasSizeGreaterThan(15);
  }

  private static SdkPojo builder(String action) throws Exception {
    return (SdkPojo)
        Class.forName(Ec2Request.class.getPackageName() + "." + action + "Request").getMethod("builder").invoke(null);
  }

  private void fields(SdkPojo pojo, String path, Map<String, String> into, SplittableRandom random, int depth) {
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = path + field.locationName();
      boolean named = name.endsWith("Id") || name.endsWith("Index") || name.equals("CidrBlock") || name.equals("Cidr");
      if (random.nextInt(10) < (named ? 8 : 2) && !name.equals("DryRun")) {
        value(field, name, into, random, depth);
      }
    }
  }

  private void value(SdkField<?> field, String name, Map<String, String> into, SplittableRandom random, int depth) {
    switch (Objects.requireNonNull(field.marshallingType().getKnownType())) {
      case LIST -> {
        int count = random.nextInt(1, 3);
        for (int n = 1; n <= count; n++) {
          value(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), name + "." + n, into, random, depth + 1);
        }
      }
      case SDK_POJO -> {
        if (depth < 4) {
          fields(field.constructor().get(), name + ".", into, random, depth + 1);
        }
      }
      default -> into.put(name, text(name, random));
    }
  }

  private String text(String name, SplittableRandom random) {
    VpcState state = world.model.state();
    List<Supplier<String>> right = new ArrayList<>();
    if (name.contains("RouteTableId")) {
      right.add(() -> any(List.copyOf(state.routeTables().keySet()), random));
    } else if (name.contains("GatewayId")) {
      right.add(() -> any(List.copyOf(state.gateways().keySet()), random));
    } else if (name.contains("AllocationId")) {
      right.add(() -> state.elasticAddresses().keySet().stream().findAny().orElse(""));
    } else if (name.equals("AssociationId")) {
      right.add(() -> any(associations(state), random));
    } else if (name.contains("InterfaceId") || name.startsWith("ResourceId")) {
      right.add(() -> any(List.copyOf(state.interfaces().keySet()), random));
    } else if (name.contains("InstanceId")) {
      right.add(() -> any(List.copyOf(state.instances().keySet()), random));
    } else if (name.contains("SubnetId")) {
      right.add(() -> any(List.copyOf(state.subnets().keySet()), random));
    } else if (name.contains("Group")) {
      right.add(() -> any(List.copyOf(state.groups().keySet()), random));
    } else if (name.contains("VpcId")) {
      right.add(() -> any(List.copyOf(state.vpcs().keySet()), random));
    } else if (name.contains("AttachmentId")) {
      right.add(
          () ->
              state.interfaces().values().stream()
                  .flatMap(each -> each.attachment().stream())
                  .map(each -> each.id())
                  .findAny()
                  .orElse(""));
    } else if (name.contains("Cidr")) {
      right.add(() -> "100.64." + random.nextInt(256) + ".0/24");
    } else if (name.contains("Count") || name.contains("Index") || name.contains("Vlan") || name.contains("Port")) {
      right.add(() -> String.valueOf(random.nextInt(1, 6)));
    } else if (name.contains("Prefix")) {
      right.add(() -> "10.0.0." + 16 * random.nextInt(16) + "/28");
    } else if (name.contains("Address")) {
      right.add(() -> "10.0.0." + random.nextInt(256));
    } else {
      right.addAll(List.of(() -> "true", () -> "5", () -> "some text", () -> "tcp", () -> "prefix", () -> "network-interface"));
    }
    if (random.nextInt(5) > 0) {
      return any(right, random).get();
    }
    return any(
        List.of(
            "", " ", "-1", "0", "4294967296", "99999999999999999999", "true", "null", "ünï ©", "x".repeat(5000), "<a>&amp;",
            "eni-0123456789abcdef0", "eni-", "10.0.0.4", "10.0.0.300", "fe80::%eth0", "0.0.0.0/0", "10.0.0.1/28", "::/0",
            "2001:db8:0:101::/80", "/", "*", "?", "i-0123456789abcdef0", "\t", "2026-01-01T00:00:00Z"),
        random);
  }

  /** Associations of route tables and of blocks. */
  private static List<String> associations(VpcState state) {
    List<String> all = new ArrayList<>();
    state.routeTables().values().forEach(table -> table.associations().forEach(each -> all.add(each.id())));
    state.vpcs().values().forEach(vpc -> vpc.cidrs().forEach(block -> all.add(Shapes.cidrAssociation(vpc.id(), block))));
    state.subnets().values().forEach(subnet -> subnet.ipv6().ifPresent(block -> all.add(Shapes.cidrAssociation6(subnet, block))));
    return all;
  }

  private static <T> T any(List<T> some, SplittableRandom random) {
    return some.get(random.nextInt(some.size()));
  }
}
