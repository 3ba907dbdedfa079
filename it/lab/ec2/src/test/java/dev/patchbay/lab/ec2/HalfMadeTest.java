package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.Attachment;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.CidrReservation;
import dev.patchbay.lab.vpc.EgressOnlyGateway;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.InternetGateway;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NatGateway;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.RouteTable;
import dev.patchbay.lab.vpc.RouteTarget;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Nothing is half made: of each action that changes something, a request with one bad member among good ones changes nothing at
 * all, and neither does a dry run; without the bad one it is accepted. The requests are in {@code half-made.txt}.
 */
class HalfMadeTest {
  private static final String NONE = "-";

  private record Row(String action, String right, String wrong, String code) {}

  private static List<Row> rows() {
    try (InputStream in = HalfMadeTest.class.getResourceAsStream("half-made.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" \\| ", -1))
          .map(parts -> new Row(parts[0], parts[1], parts[2], parts[3]))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("half-made.txt is gone", e);
    }
  }

  @Test
  void eachActionThatChangesSomethingHasARow() {
    try (World world = new World()) {
      TreeSet<String> changing = new TreeSet<>(world.server.actions());
      changing.removeIf(action -> action.startsWith("Describe") || action.startsWith("Get"));
      assertThat(new TreeSet<>(rows().stream().map(Row::action).toList())).isEqualTo(changing);
    }
  }

  @TestFactory
  Stream<DynamicTest> aBadMemberStopsAll() {
    return rows().stream()
        .filter(row -> !row.right().equals(NONE))
        .map(row -> DynamicTest.dynamicTest(row.action() + " with " + row.wrong(), () -> tryOut(row)));
  }

  private static void tryOut(Row row) throws Exception {
    try (World world = new World();
        HttpClient http = HttpClient.newHttpClient()) {
      Map<String, String> names = furnish(world);
      VpcState before = world.model.state();
      assertThat(ask(world, http, row.action(), row.right() + "&" + row.wrong(), names)).isEqualTo(row.code());
      assertThat(world.model.state()).as("after the refusal").isSameAs(before);
      assertThat(ask(world, http, row.action(), row.right() + "&DryRun=true", names)).isIn("DryRunOperation", "UnknownParameter");
      assertThat(world.model.state()).as("after a dry run").isSameAs(before);
      // A client token of a refused request is as good as new.
      assertThat(ask(world, http, row.action(), row.right(), names)).isEqualTo("ok");
      assertThat(world.model.state()).as("after the request without what is wrong").isNotSameAs(before);
    }
  }

  private static String ask(World world, HttpClient http, String action, String parameters, Map<String, String> names)
      throws Exception {
    StringBuilder body = new StringBuilder("Action=" + action + "&Version=2016-11-15");
    for (String each : parameters.split("&", -1)) {
      String value = each.substring(each.indexOf('=') + 1);
      for (Map.Entry<String, String> name : names.entrySet()) {
        value = value.replace(name.getKey(), name.getValue());
      }
      body.append('&').append(each, 0, each.indexOf('=') + 1).append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
    SignedRequests signed = new SignedRequests(world.endpoint, world.server.callers().issue("node", Duration.ofHours(1)));
    HttpResponse<String> answer = http.send(signed.post(body.toString()), HttpResponse.BodyHandlers.ofString());
    String outcome = world.last().outcome();
    if (!outcome.equals("ok")) {
      assertThat(answer.body()).contains("<Response><Errors><Error><Code>" + outcome + "</Code><Message>");
    }
    return outcome;
  }

  /** One of everything, by the names that the requests use; a name that begins with another comes before it. */
  private static Map<String, String> furnish(World world) {
    Map<String, String> names = new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    VpcModel model = world.model;
    Vpc vpc = world.vpc;
    Vpc plain = model.network().createVpc(Cidr.parse("10.50.0.0/16"), Optional.empty(), Map.of());
    names.put("$vpc", vpc.id());
    names.put("$plain", plain.id());
    names.put("$subnet", world.subnet.id());
    names.put("$node", world.node.id());
    names.put("$taken", world.primary.primary().orElseThrow().toString());
    names.put("$six", "2001:db8:0:101:");
    names.put("$foreign", plain.defaultGroupId());
    SecurityGroup group = model.groups().create(vpc.id(), "group", "a group", Map.of());
    names.put("$group", group.id());
    model.groups().authorizeIngress(
        group.id(), List.of(SecurityGroup.Rule.tcp(22, 22, new SecurityGroup.Block(Cidr.parse("10.0.0.0/8")))));
    interfaces(world, names);
    networks(world, plain, names);
    return names;
  }

  private static void interfaces(World world, Map<String, String> names) {
    VpcModel model = world.model;
    String subnet = world.subnet.id();
    NetworkInterface eni = model.interfaces().create(InterfaceRequest.in(subnet).tags(Map.of("mine", "yes")).build());
    model.addresses().assignIpv4(eni.id(), AddressRequest.of(List.of(Ip.parse("10.0.0.101")), false));
    model.addresses().assignIpv6(eni.id(), AddressRequest.of(List.of(Ip.parse("2001:db8:0:101::50")), false));
    names.put("$eni", eni.id());
    NetworkInterface attached = model.interfaces().create(InterfaceRequest.in(subnet).build());
    Attachment attachment = model.attachments().attach(attached.id(), world.node.id(), 1, 0);
    names.put("$attachment", attachment.id());
    Instance stopped = model.instances().launch("m5.large", InterfaceRequest.in(subnet).build(), Optional.empty(), Map.of());
    model.instances().stop(stopped.id());
    names.put("$stopped", stopped.id());
    NetworkInterface trunk =
        model.interfaces().create(InterfaceRequest.in(subnet).kind(NetworkInterface.Kind.TRUNK).build());
    NetworkInterface branch = model.interfaces().create(InterfaceRequest.in(subnet).build());
    names.put("$trunk", trunk.id());
    names.put("$trunkAssociation", model.trunks().associate(branch.id(), trunk.id(), 5, "").id());
  }

  private static void networks(World world, Vpc plain, Map<String, String> names) {
    VpcModel model = world.model;
    Vpc vpc = world.vpc;
    InternetGateway out = model.gateways().create(Map.of());
    model.gateways().attach(out.id(), vpc.id());
    EgressOnlyGateway egress = model.gateways().createEgressOnly(vpc.id(), Map.of(), "");
    names.put("$egress", egress.id());
    InternetGateway ofPlain = model.gateways().create(Map.of());
    names.put("$spare", model.gateways().create(Map.of()).id());
    // Whichever VPC has no gateway yet can get the spare one.
    Vpc third = model.network().createVpc(Cidr.parse("10.60.0.0/16"), Optional.empty(), Map.of());
    model.gateways().attach(ofPlain.id(), plain.id());
    names.put("$igw", ofPlain.id());
    names.put("$third", third.id());
    NatGateway nat =
        model.nats().create(world.subnet.id(), model.nats().allocate(Map.of()).allocationId(), Optional.empty(), Map.of(), "");
    names.put("$nat", nat.id());
    names.put("$elastic", model.nats().allocate(Map.of()).allocationId());
    RouteTable table = model.routeTables().create(vpc.id(), Map.of(), "");
    model.routes().create(table.id(), Cidr.parse("192.168.0.0/16"), new RouteTarget.Internet(out.id()));
    names.put("$table", table.id());
    names.put("$empty", world.subnet("10.0.2.0/24", Optional.empty()).id());
    Subnet dual = world.subnet("10.0.3.0/24", Optional.of(Cidr.parse("2001:db8:0:103::/64")));
    names.put("$subnetBlock", Shapes.cidrAssociation6(dual, dual.ipv6().orElseThrow()));
    RouteTable other = model.routeTables().create(vpc.id(), Map.of(), "");
    names.put("$association", model.routeTables().associate(other.id(), dual.id()).id());
    model.blocks().add(vpc.id(), Cidr.parse("100.64.0.0/16"));
    names.put("$block", Shapes.cidrAssociation(vpc.id(), Cidr.parse("100.64.0.0/16")));
    names.put(
        "$reservation",
        model
            .network()
            .reserve(world.subnet.id(), Cidr.parse("10.0.0.128/28"), CidrReservation.Kind.PREFIX, "", Map.of())
            .id());
  }
}
