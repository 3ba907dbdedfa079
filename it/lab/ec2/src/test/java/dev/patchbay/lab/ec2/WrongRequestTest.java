package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** Requests that no SDK would send get EC2's error shape and change nothing. */
class WrongRequestTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String VERSION = "&Version=2016-11-15";

  private final VpcModel model = new VpcModel(VpcModel.Settings.lab(3), CLOCK);
  private final Vpc vpc = model.network().createVpc(Cidr.parse("10.0.0.0/16"), Optional.empty(), Map.of());
  private final Subnet subnet =
      model.network().createSubnet(vpc.id(), "eu-west-1a", Cidr.parse("10.0.0.0/24"), Optional.empty(), false, Map.of());
  private final Ec2Server server = new Ec2Server(model, CLOCK);
  private final URI endpoint = server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
    server.close();
  }

  private HttpRequest signed(String body) {
    server.callers().allow("somebody", Set.of("ec2:*"));
    return new SignedRequests(endpoint, server.callers().issue("somebody", Duration.ofMinutes(5))).post(body);
  }

  private String code(HttpRequest request) throws Exception {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)));
    if (answer.statusCode() == 200) {
      return "ok";
    }
    assertThat(xml.getDocumentElement().getTagName()).isEqualTo("Response");
    assertThat(xml.getElementsByTagName("Message").item(0).getTextContent()).isNotBlank();
    assertThat(xml.getElementsByTagName("RequestID").item(0).getTextContent()).isNotBlank();
    return xml.getElementsByTagName("Code").item(0).getTextContent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Action=DescribeVpcs | ok
          Action=LaunchRockets | InvalidAction
          Action=describeVpcs | InvalidAction
          Action=java.lang.String | InvalidAction
          Action=DescribeNetworkAcls | UnsupportedOperation
          Action=CreateVpcPeeringConnection | UnsupportedOperation
          Action=DescribeTransitGateways | UnsupportedOperation
          Action=CreateNetworkInterface&SubnetId=$&EnablePrimaryIpv6=true | UnsupportedOperation
          Action=DescribeVpcs&MaxResults=4 | InvalidParameterValue
          Action=DescribeVpcs&MaxResults=1001 | InvalidParameterValue
          {"Action": "DescribeVpcs"} | MissingAction
          {"Action": "Descri | MissingAction
          <DescribeVpcs><VpcId> | MissingAction
          Action=DescribeVpcs&Action=DescribeVpcs | MalformedQueryString
          Action=CreateRoute&RouteTableId=$&DestinationCidrBlock=10.0.0.1/16&GatewayId=local | InvalidParameterValue
          <DescribeVpcs><VpcId>vpc-1</VpcId></DescribeVpcs> | MissingAction
          Colour=red | MissingAction
          Action=DescribeVpcs&Colour=red | UnknownParameter
          Action=DescribeVpcs&VpcId.x=vpc-1 | UnknownParameter
          Action=DescribeVpcs&VpcId=vpc-1 | InvalidParameterValue
          Action=DescribeVpcs&VpcId.1=elephant | InvalidVpcID.Malformed
          Action=DescribeVpcs&VpcId.1=vpc-0123456789abcdef0 | InvalidVpcID.NotFound
          Action=DescribeVpcs&MaxResults=many | InvalidParameterValue
          Action=DescribeVpcs&Filter.1.Name=vpc-id | MissingParameter
          Action=DescribeVpcs&Filter.1.Name=colour&Filter.1.Value.1=red | InvalidParameterValue
          Action=DescribeVpcs&Filter.1.Name=state&Filter.1.Name=state | MalformedQueryString
          Action=%zz | MalformedQueryString
          Action=CreateNetworkInterface | MissingParameter
          Action=CreateNetworkInterface&SubnetId=subnet-0123456789abcdef0 | InvalidSubnetID.NotFound
          Action=CreateNetworkInterface&SubnetId=$&Description=%00 | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&SecondaryPrivateIpAddressCount=-1 | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&SecondaryPrivateIpAddressCount=65 | PrivateIpAddressLimitExceeded
          Action=CreateNetworkInterface&SubnetId=$&PrivateIpAddress=10.0.9.9 | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&PrivateIpAddress=ten | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&InterfaceType=carrier-pigeon | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&Ipv6AddressCount=1 | InvalidParameterValue
          Action=CreateNetworkInterface&SubnetId=$&SecurityGroupId.1=sg-0123456789abcdef0 | InvalidGroup.NotFound
          Action=CreateTags&ResourceId.1=eni-0123456789abcdef0&Tag.1.Key=k | InvalidNetworkInterfaceID.NotFound
          Action=CreateTags&ResourceId.1=car-1&Tag.1.Key=k | InvalidID
          """)
  void getsTheRightCode(String body, String code) throws Exception {
    assertThat(code(signed(body.replace("$", subnet.id()) + VERSION))).isEqualTo(code);
    assertThat(model.state().interfaces()).isEmpty();
  }

  @Test
  void unknownFiltersAndParametersOfEveryAction() throws Exception {
    for (String action : server.actions()) {
      VpcState before = model.state();
      assertThat(code(signed("Action=" + action + VERSION + "&Colour=red")))
          .as(action)
          .isIn("UnknownParameter", "MissingParameter");
      String needed = action.equals("GetSubnetCidrReservations") ? "&SubnetId=" + subnet.id() : "";
      boolean filtered =
          Stream.of("Describe", "Get").anyMatch(action::startsWith) && !action.equals("DescribeNetworkInterfaceAttribute");
      if (filtered) {
        assertThat(code(signed("Action=" + action + VERSION + needed + "&Filter.1.Name=colour&Filter.1.Value.1=red")))
            .as(action)
            .isEqualTo("InvalidParameterValue");
        assertThat(code(signed("Action=" + action + VERSION + needed + "&Filter.1.Name=tag:a"))).as(action).isEqualTo("MissingParameter");
        assertThat(code(signed("Action=" + action + VERSION + needed + "&Filter.1.Name=tag:a&Filter.1.Value.1=b"))).as(action).isEqualTo("ok");
      }
      assertThat(model.state()).as(action).isSameAs(before);
    }
  }

  @Test
  void anotherVersionAndNone() throws Exception {
    assertThat(code(signed("Action=DescribeVpcs&Version=2010-08-31"))).isEqualTo("NoSuchVersion");
    assertThat(code(signed("Action=DescribeVpcs"))).isEqualTo("MissingParameter");
  }

  @Test
  void bytesThatAreNoText() throws Exception {
    server.callers().allow("somebody", Set.of("ec2:*"));
    SignedRequests requests = new SignedRequests(endpoint, server.callers().issue("somebody", Duration.ofMinutes(5)));
    byte[] noise = new byte[100_000];
    new java.util.SplittableRandom(1).nextBytes(noise);
    assertThat(code(requests.post(noise))).isIn("MissingAction", "MalformedQueryString", "InvalidParameterValue");
    assertThat(code(requests.post(new byte[0]))).isEqualTo("MissingAction");
    String many = IntStream.range(0, 20_000).mapToObj(n -> "&VpcId." + n + "=vpc-1").collect(Collectors.joining());
    assertThat(code(requests.post("Action=DescribeVpcs" + VERSION + many))).isEqualTo("InvalidVpcID.Malformed");
    assertThat(code(requests.post("Action=DescribeVpcs" + VERSION + "&" + "a.".repeat(50_000) + "b=1"))).isEqualTo("UnknownParameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Authorization | Bearer abc              |                          | IncompleteSignature
          Authorization | eu-west-1               | us-east-1                | SignatureDoesNotMatch
          Authorization | /ec2/                   | /s3/                     | SignatureDoesNotMatch
          Authorization | Credential=ASIA         | Credential=AKIA          | AuthFailure
          Authorization | SignedHeaders=          | SignedHeaders=x-none;    | AuthFailure
          Authorization | host;                   |                          | SignatureDoesNotMatch
          X-Amz-Date    | 20                      | 19                       | SignatureDoesNotMatch
          X-Amz-Date    | T                       |                          | IncompleteSignature
          X-Amz-Security-Token | lab              | bal                      | AuthFailure
          """)
  void signaturesThatAreNone(String header, String from, @Nullable String to, String code) throws Exception {
    HttpRequest good = signed("Action=DescribeVpcs" + VERSION);
    HttpRequest.Builder bad =
        HttpRequest.newBuilder(good.uri()).POST(HttpRequest.BodyPublishers.ofString("Action=DescribeVpcs" + VERSION));
    good.headers()
        .map()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> {
                      boolean spoilt = name.equalsIgnoreCase(header);
                      // Only where it is first: at 11:20, say, the time of day has a 20 of its own.
                      String other = from.startsWith("Bearer") ? from : value.replaceFirst(Pattern.quote(from), to == null ? "" : to);
                      bad.header(name, spoilt ? other : value);
                    }));
    HttpResponse<String> answer = http.send(bad.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isBetween(400, 403);
    assertThat(answer.body()).contains("<Code>" + code + "</Code>");
    assertThat(server.recorder().calls().getLast().outcome()).isEqualTo(code);
  }

  @Test
  void unsignedOversizedAndReplayed() throws Exception {
    HttpRequest unsigned =
        HttpRequest.newBuilder(endpoint.resolve("/")).POST(HttpRequest.BodyPublishers.ofString("Action=DescribeVpcs")).build();
    assertThat(code(unsigned)).isEqualTo("MissingAuthenticationToken");
    assertThat(code(signed("Action=CreateTags" + VERSION + "&X=" + "x".repeat(10 << 20)))).isEqualTo("RequestEntityTooLarge");
    HttpRequest good = signed("Action=DescribeVpcs" + VERSION);
    HttpRequest.Builder other =
        HttpRequest.newBuilder(good.uri()).POST(HttpRequest.BodyPublishers.ofString("Action=DescribeSubnets" + VERSION));
    good.headers().map().forEach((name, values) -> values.forEach(value -> other.header(name, value)));
    HttpResponse<String> answer = http.send(other.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("<Code>AuthFailure</Code>");
  }
}
