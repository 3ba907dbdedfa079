package dev.patchbay.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Failed;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** What each failure means; in doubt, unknown. */
class FailuresTest {
  @ParameterizedTest
  @CsvSource(quoteCharacter = '"', textBlock = """
      503, RequestLimitExceeded, Request limit exceeded., THROTTLED
      400, Throttling, Rate exceeded, THROTTLED
      400, ThrottlingException, Rate exceeded, THROTTLED
      403, UnauthorizedOperation, You are not authorized to perform this operation., DENIED
      401, AuthFailure, AWS was not able to validate the provided access credentials, DENIED
      403, AccessDenied, User is not authorized, DENIED
      400, ExpiredToken, The security token is expired, DENIED
      400, InsufficientFreeAddressesInSubnet, Not enough free addresses in subnet, SUBNET_FULL
      400, InsufficientCidrBlocks, The specified subnet does not have enough free cidr blocks, SUBNET_FRAGMENTED
      400, PrivateIpAddressLimitExceeded, Number of private addresses will exceed limit., LIMIT
      400, NetworkInterfaceLimitExceeded, The maximum number of network interfaces has been reached., LIMIT
      400, AttachmentLimitExceeded, Interface count 4 exceeds the limit for m5.large, LIMIT
      400, SecurityGroupsPerInterfaceLimitExceeded, The maximum number is 5, LIMIT
      400, InvalidNetworkInterfaceID.NotFound, The networkInterface ID 'eni-1' does not exist, NOT_FOUND
      400, InvalidAttachmentID.NotFound, The attachment does not exist, NOT_FOUND
      400, InvalidSubnetID.NotFound, The subnet ID does not exist, NOT_FOUND
      400, InvalidGroup.NotFound, The security group does not exist, NOT_FOUND
      400, InvalidInstanceID.NotFound, The instance ID does not exist, NOT_FOUND
      400, InvalidInstanceType, The following supplied instance types do not exist: [m99.large], NOT_FOUND
      400, InvalidParameterValue, "Some of [10.0.0.9] are not assigned to interface eni-1", NOT_FOUND
      400, InvalidParameterValue, "Instance 'i-1' already has an interface attached at device index '1'.", STATE
      400, InvalidParameterValue, Network interface 'eni-1' is currently in use., STATE
      400, InvalidNetworkInterface.InUse, Interface: [eni-1] in use., STATE
      400, IncorrectState, Attachment is not in state 'attached', STATE
      400, IncorrectInstanceState, Instance 'i-1' is not 'running' or 'stopped'., STATE
      400, InvalidIPAddress.InUse, Address is in use., STATE
      400, InvalidParameterValue, Value () for parameter groupId is invalid., REFUSED
      400, InvalidParameterCombination, These can't be combined., REFUSED
      400, InvalidNetworkInterfaceID.Malformed, Invalid id, REFUSED
      400, OperationNotPermitted, The network interface at device index 0 cannot be detached., REFUSED
      500, InternalError, An internal error has occurred, UNKNOWN
      500, InternalFailure, An internal error has occurred, UNKNOWN
      503, Unavailable, The service is unavailable, UNKNOWN
      503, ServiceUnavailable, The service is unavailable, UNKNOWN
      """)
  void whatEc2Answers(int status, String code, String message, Kind kind) {
    Failed failed = Failures.of(answer(status, code, message), true);
    assertThat(failed).isEqualTo(new Failed(kind, code, message));
  }

  private static Ec2Exception answer(int status, String code, String message) {
    return (Ec2Exception) Ec2Exception.builder().statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build()).build();
  }

  @ParameterizedTest
  @CsvSource({"401, DENIED, AuthFailure", "403, DENIED, Status403", "429, THROTTLED, Status429", "400, REFUSED, Status400",
      "413, REFUSED, Status413", "500, UNKNOWN, Status500", "502, UNKNOWN, Status502", "503, UNKNOWN, Status503",
      "504, UNKNOWN, Status504", "302, UNKNOWN, Status302"})
  void anAnswerWithoutABody(int status, Kind kind, String code) {
    Ec2Exception bare = (Ec2Exception) Ec2Exception.builder().statusCode(status).build();
    Failed failed = Failures.of(bare, true);
    assertThat(failed.kind()).isEqualTo(kind);
    assertThat(failed.code()).isEqualTo(code);
    assertThat(failed.message()).isNotBlank();
    assertThat(Failures.of(answer(status, "", ""), true)).isEqualTo(failed);
  }

  private static Kind kind(IOException cause) {
    return Failures.of(SdkClientException.create("Unable to execute HTTP request", cause), true).kind();
  }

  @Test
  void withoutAConnectionNothingWasDone() {
    assertThat(kind(new ConnectException("Connection refused"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new UnknownHostException("ec2.nowhere.amazonaws.com"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new NoRouteToHostException("No route to host"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new SocketTimeoutException("Connect timed out"))).isEqualTo(Kind.UNREACHABLE);
    assertThat(kind(new SSLHandshakeException("PKIX path building failed"))).isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void afterTheConnectionItMayHaveBeenDone() {
    assertThat(kind(new SocketTimeoutException("Read timed out"))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(new SocketTimeoutException())).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(new SocketException("Connection reset"))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(new SSLException("closing inbound before receiving peer's close_notify"))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(new IOException("Unexpected end of file from server"))).isEqualTo(Kind.UNKNOWN);
    assertThat(Failures.of(ApiCallTimeoutException.create(5000), true).kind()).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void whatWasNotSentWasNotDone() {
    assertThat(Failures.of(ApiCallTimeoutException.create(5000), false).kind()).isEqualTo(Kind.UNREACHABLE);
    Failed failed = Failures.of(SdkClientException.create("Unable to load credentials from any of the providers"), false);
    assertThat(failed).isEqualTo(
        new Failed(Kind.UNREACHABLE, CloudAnswer.NO_CREDENTIALS, "Unable to load credentials from any of the providers"));
  }

  @Test
  void theWordsNameWhatWentWrong() {
    Failed failed = Failures.of(
        SdkClientException.create("Unable to execute HTTP request", new ConnectException("Connection refused")), true);
    assertThat(failed.code()).isEqualTo("ConnectException");
    assertThat(failed.message()).isEqualTo("Unable to execute HTTP request: Connection refused");
  }
}
