package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.VpcModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Request;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * For every action, with every field filled: what the SDK writes is read as it was meant, and what is answered the SDK reads
 * as it was meant.
 */
class CodecTest {
  private static final String MODEL = Ec2Request.class.getPackageName() + ".";

  private String sent = "";
  private String answer = "";
  private final Ec2Client client =
      Ec2Client.builder()
          .endpointOverride(URI.create("http://127.0.0.1:1"))
          .region(Region.EU_WEST_1)
          .httpClient(new Wire())
          .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
          .build();

  /** Takes what the SDK sends, and gives it what it is to read. */
  private final class Wire implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      try {
        sent = new String(request.contentStreamProvider().orElseThrow().newStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      AbortableInputStream body =
          AbortableInputStream.create(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpFullResponse.builder().statusCode(200).build())
              .responseBody(body)
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }

  static Stream<String> actions() {
    VpcModel model = new VpcModel(VpcModel.Settings.lab(1), InstantSource.system());
    return new TreeSet<>(new Actions(model, InstantSource.system()).names()).stream();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("actions")
  void bothDirections(String action) throws Exception {
    SplittableRandom random = new SplittableRandom(action.hashCode());
    Ec2Request request = (Ec2Request) build(builder(action + "Request"), random);
    SdkPojo response = (SdkPojo) build(builder(action + "Response"), random);
    answer = XmlEncoder.answer(action, "request-1", response);

    String method = action.substring(0, 1).toLowerCase(Locale.ROOT) + action.substring(1);
    SdkPojo read = (SdkPojo) Ec2Client.class.getMethod(method, request.getClass()).invoke(client, request);

    Form form = Form.parse(sent);
    assertThat(form.get("Action")).contains(action);
    SdkPojo decoded = builder(action + "Request");
    QueryDecoder.decode(form, decoded);
    assertThat(((Buildable) decoded).build()).isEqualTo(request);
    assertThat(read.sdkFields()).as("fields of " + action + "Response").isEqualTo(response.sdkFields());
    for (SdkField<?> field : response.sdkFields()) {
      assertThat(field.getValueOrDefault(read)).as(field.memberName()).isEqualTo(field.getValueOrDefault(response));
    }
  }

  private static SdkPojo builder(String type) throws Exception {
    Method builder = Class.forName(MODEL + type).getMethod("builder");
    return (SdkPojo) builder.invoke(null);
  }

  private static Object build(SdkPojo builder, SplittableRandom random) {
    return ((Buildable) Filled.whole(builder, random)).build();
  }

  @Test
  void whatTheReferenceAsksIsThere() {
    assertThat(actions().toList())
        .containsAll(
            Set.of(
                "AssignIpv6Addresses",
                "AssignPrivateIpAddresses",
                "AssociateTrunkInterface",
                "AttachNetworkInterface",
                "CreateNetworkInterface",
                "CreateNetworkInterfacePermission",
                "CreateTags",
                "DeleteNetworkInterface",
                "DescribeInstanceTypes",
                "DescribeInstances",
                "DescribeNetworkInterfaces",
                "DescribeSecurityGroups",
                "DescribeSubnets",
                "DescribeTags",
                "DescribeTrunkInterfaceAssociations",
                "DescribeVpcs",
                "DetachNetworkInterface",
                "DisassociateTrunkInterface",
                "ModifyNetworkInterfaceAttribute",
                "UnassignIpv6Addresses",
                "UnassignPrivateIpAddresses"));
  }
}
