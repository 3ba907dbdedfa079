package dev.patchbay.lab.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults as text: what is written is read again, and what can't be meant is refused with the reason. */
class FaultTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ec2 throttle",
        "ec2:Describe* lag=30s for=2m",
        "ec2:CreateNetworkInterface refuse=InsufficientFreeAddressesInSubnet calls=3",
        "ec2@i-0123* delay=250ms chance=0.25 seed=7",
        "ec2:AttachNetworkInterface settle=never after=2 calls=1",
        "ec2:DetachNetworkInterface settle=90s",
        "imds@i-0123 empty for=1h",
        "imds:GET/latest/meta-data/* cut",
        "kube:patch/pods* refuse=409 message=\"not now, please\" calls=5",
        "kube lose",
        "kube hang=3s",
        "vpc fill=subnet-0123 for=1m",
        "kube forget"
      })
  void isReadAsItIsWritten(String text) {
    Fault fault = Fault.parse(text);
    assertThat(fault).hasToString(text);
    assertThat(Fault.parse(fault.toString())).isEqualTo(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ec2                              | a fault is SERVICE
          EC2 throttle                     | names no calls
          ec2: throttle                    | names no calls
          ec2 refuse                       | refuse needs a value
          ec2 refuse=                      | has no value
          ec2 throttle=5                   | throttle takes no value
          ec2 delay=5                      | a length of time is needed
          ec2 delay=-5s                    | a length of time is needed
          ec2 throttle often               | says nothing about how much
          ec2 throttle calls=0             | calls must be 1 or more
          ec2 throttle calls=many          | a number is needed
          ec2 throttle calls=9999999999    | at most 9 digits
          ec2 throttle calls=1 calls=2     | given twice
          ec2 throttle for=0s              | must last some time
          ec2 throttle chance=2            | at most 1
          ec2 throttle chance=NaN          | at most 1
          ec2 throttle chance=x            | a probability is needed
          ec2 throttle seed=4              | of use with chance alone
          ec2 throttle message=x           | has no message
          ec2 refuse=X message="x          | has no second
          vpc fill=subnet-1 calls=2        | happens once
          vpc@somebody fill=subnet-1       | happens once
          """)
  void isRefusedWithTheReason(String text, String reason) {
    assertThatIllegalArgumentException().isThrownBy(() -> Fault.parse(text)).withMessageContaining(reason);
  }

  @Test
  void isTheSameInJava() {
    assertThat(Fault.on("ec2:Describe*", Effect.refuse("InternalError")).calls(2).after(1).lasting(Duration.ofSeconds(5)))
        .isEqualTo(Fault.parse("ec2:Describe* refuse=InternalError for=5s after=1 calls=2"));
    assertThat(Fault.parse(List.of("ec2", "refuse=X", "message=two words"))).hasToString("ec2 refuse=X message=\"two words\"");
  }

  @Test
  void targetsAreSeenInActions() {
    assertThat(Target.parse("ec2:Describe*").matches("ec2", "DescribeVpcs", "a")).isTrue();
    assertThat(Target.parse("ec2:Describe*").matches("imds", "DescribeVpcs", "a")).isFalse();
    assertThat(Target.parse("ec2:Describe").matches("ec2", "DescribeVpcs", "a")).isFalse();
    assertThat(Target.parse("ec2:*Interface*").matches("ec2", "CreateNetworkInterface", "a")).isTrue();
    assertThat(Target.parse("ec2:D.*").matches("ec2", "DescribeVpcs", "a")).isFalse();
    assertThat(Target.parse("imds:GET/latest/meta-data/mac@i-1").matches("imds", "GET /latest/meta-data/mac", "i-1")).isTrue();
    assertThat(Target.parse("imds@i-1").matches("imds", "GET /latest/meta-data/mac", "i-12")).isFalse();
    assertThat(Target.parse("kube:patch/pods/status").matches("kube", "patch pods/status", "")).isTrue();
  }
}
