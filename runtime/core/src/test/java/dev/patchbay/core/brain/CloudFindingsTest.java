package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudAnswer.Kind;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Targets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What EC2 refuses is advised on by what it is about: a policy is no help where nobody knows who asks. */
class CloudFindingsTest {
  private static final String POLICY = "patchbay permissions --iam";

  private static Finding of(Kind kind, String code) {
    Finding finding = CloudFindings.of(new CloudAnswer.Failed(kind, code, "EC2's words"), "make an interface");
    assertThat(finding.cause()).contains("make an interface").contains(code).contains("EC2's words");
    return finding;
  }

  private static void check(String code, Code expected, String advice) {
    Finding finding = of(Kind.DENIED, code);
    assertThat(finding.code()).as(code).isEqualTo(expected);
    assertThat(finding.remedy()).as(code).contains(advice);
    assertThat(finding.remedy().contains(POLICY)).as("the policy is advised for %s", code).isEqualTo(advice.equals(POLICY));
  }

  @Test
  void aDenialIsAdvisedOnByItsCode() {
    List.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException").forEach(c -> check(c, Codes.CLOUD_DENIED, POLICY));
    List.of("ExpiredToken", "RequestExpired").forEach(c -> check(c, BrainCodes.CREDENTIALS_REFUSED, "clock"));
    List.of("AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException", "MissingAuthenticationToken",
        "IncompleteSignature").forEach(c -> check(c, BrainCodes.CREDENTIALS_REFUSED, "get-caller-identity"));
    List.of("OptInRequired", "PendingVerification", "Blocked").forEach(c -> check(c, Codes.CLOUD_DENIED, "account"));
    check("Status403", Codes.CLOUD_DENIED, POLICY);
    Finding others = CloudFindings.of(new CloudAnswer.Failed(Kind.DENIED, "AuthFailure",
        "You do not have permission to access the specified resource."), "delete eni-1");
    assertThat(others.code()).isEqualTo(Codes.CLOUD_DENIED);
    assertThat(others.remedy()).contains("another account").doesNotContain(POLICY);
  }

  @Test
  void whereThereAreNoCredentialsTheWayToEc2IsNotBlamed() {
    Finding none = of(Kind.UNREACHABLE, CloudAnswer.NO_CREDENTIALS);
    assertThat(none.code()).isEqualTo(BrainCodes.CREDENTIALS_REFUSED);
    assertThat(none.remedy()).contains("instance profile").doesNotContain(POLICY);
    Finding away = of(Kind.UNREACHABLE, "ConnectException");
    assertThat(away.code()).isEqualTo(Codes.CLOUD_UNREACHABLE);
    assertThat(away.remedy()).contains("endpoint");
  }

  @Test
  void theCodeIsThatOfThePodsErrorAndOfTheReport() {
    World world = new World(World.settings(), World.type(1, 4), SingleAddresses.with(Targets.none().withWarmAddresses(1)));
    world.refuse = call -> call instanceof CloudCall.AssignAddresses
        ? Optional.of(new CloudAnswer.Failed(Kind.DENIED, "ExpiredToken", "The token is past its time.")) : Optional.empty();
    world.start();
    long request = world.add("a");
    world.pass(61_000);
    assertThat(world.failed(request).reason().code()).isEqualTo(BrainCodes.CREDENTIALS_REFUSED);
    assertThat(world.report().findings()).extracting(Finding::code).contains(BrainCodes.CREDENTIALS_REFUSED);
  }
}
