package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import dev.patchbay.lab.vpc.VpcModel;
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
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

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
    IssuedCredentials issued = server.callers().issue("somebody", Duration.ofMinutes(5));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(endpoint)
            .encodedPath("/")
            .putHeader("Content-Type", "application/x-www-form-urlencoded")
            .build();
    var signed =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(
                            AwsSessionCredentialsIdentity.create(
                                issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken()))
                        .request(request)
                        .payload(() -> new ByteArrayInputStream(bytes))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "ec2")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"));
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(endpoint.resolve("/")).POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
    signed
        .request()
        .headers()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    return builder.build();
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
