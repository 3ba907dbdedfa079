package dev.patchbay.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What goes over the wire, and what comes of answers that nobody understands. */
class Ec2ConnectionTest {
  private final List<String> agents = new CopyOnWriteArrayList<>();
  private volatile String body = "";

  private CloudAnswer call(CloudCall call) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        agents.add(String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    });
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Duration limit = Duration.ofMinutes(2);
    CloudSettings settings = new CloudSettings(Optional.of(uri), Optional.of("eu-west-1"), Optional.of(uri), limit);
    Ec2Client client = Ec2Connection.open(settings, "eu-west-1",
        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "secret")), new AnswerTimes(InstantSource.system()));
    try (Ec2Actions actions = new Ec2Actions(client, limit)) {
      return actions.call(call);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theUserAgentBeginsWithOurName() throws IOException {
    body = "<DeleteNetworkInterfaceResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><return>true</return>"
        + "</DeleteNetworkInterfaceResponse>";
    assertThat(call(new CloudCall.Delete("eni-1"))).isEqualTo(new CloudAnswer.Done());
    assertThat(agents).singleElement().asString().matches("patchbay/\\S+ aws-sdk-java/.*");
  }

  @Test
  void anAnswerThatIsNoAnswerIsUnknown() throws IOException {
    for (String text : List.of("<html>", "{}", "<CreateNetworkInterfaceResponse/>",
        "<CreateNetworkInterfaceResponse><networkInterface><networkInterfaceId>eni-1</networkInterfaceId>"
            + "<macAddress>nonsense</macAddress></networkInterface></CreateNetworkInterfaceResponse>")) {
      body = text;
      CloudAnswer answer = call(new CloudCall.CreateInterface("t", "interface", "subnet-1", List.of(), "", java.util.Map.of(),
          dev.patchbay.spi.net.AddressFamily.IPV4, 0, 0));
      assertThat(answer).as(text).isInstanceOfSatisfying(CloudAnswer.Failed.class,
          f -> assertThat(f.kind()).as(f.toString()).isEqualTo(CloudAnswer.Kind.UNKNOWN));
    }
  }
}
