package dev.patchbay.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.spi.Fields;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When certificates are made anew, and how a Secret holds them. */
class RenewalTest {
  private static final Duration LIFETIME = Duration.ofDays(90);
  private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

  private final Renewal renewal = new Renewal(new Certifier(), List.of("hooks.network.svc"), LIFETIME);

  private Identity first() {
    return renewal.due(Optional.empty(), BEGIN).orElseThrow();
  }

  private static Instant after(double lifetimes) {
    return BEGIN.plus(Duration.ofMillis((long) (lifetimes * LIFETIME.toMillis())));
  }

  @Test
  void whatIsMadeCanBeVerified() throws GeneralSecurityException {
    Identity identity = first();
    assertThat(identity.authorities()).hasSize(1);
    identity.server().certificate().verify(identity.authorities().getFirst().certificate().getPublicKey());
    assertThat(identity.server().certificate().getSubjectAlternativeNames()).anyMatch(name -> name.contains("hooks.network.svc"));
    assertThat(identity.server().certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(identity.server().certificate().getBasicConstraints()).as("it may not sign").isEqualTo(-1);
    assertThat(identity.authorities().getFirst().certificate().getBasicConstraints()).as("it signs servers alone").isZero();
    assertThat(identity.toString()).doesNotContain("PrivateKey");
  }

  @Test
  void aCertificateIsMadeAnewWhenHalfOfItsTimeIsOver() {
    Identity identity = first();
    assertThat(renewal.due(Optional.of(identity), after(0.49))).isEmpty();
    Identity next = renewal.due(Optional.of(identity), after(0.51)).orElseThrow();
    assertThat(next.authorities()).isEqualTo(identity.authorities());
    assertThat(next.server().certificate().getSerialNumber()).isNotEqualTo(identity.server().certificate().getSerialNumber());
    assertThat(renewal.due(Optional.of(next), after(0.51))).isEmpty();
  }

  @Test
  void aNewAuthorityIsTrustedLongBeforeItSigns() throws GeneralSecurityException {
    Identity now = first();
    double known = 0;
    double signs = 0;
    for (int half = 1; half < 40; half++) {
      double time = half * 0.51;
      Identity before = now;
      now = renewal.due(Optional.of(before), after(time)).orElse(before);
      String issuer = now.server().certificate().getIssuerX500Principal().getName();
      Signed signer = now.authorities().stream().filter(a -> a.certificate().getSubjectX500Principal().getName().equals(issuer)).findFirst()
          .orElseThrow();
      now.server().certificate().verify(signer.certificate().getPublicKey());
      assertThat(signer.certificate().getNotAfter()).as("who signed at %s", time).isAfterOrEqualTo(now.server().certificate().getNotAfter());
      assertThat(before.authorities()).as("whoever trusted what was there a moment ago trusts what is shown at %s", time).contains(signer);
      if (known == 0 && now.authorities().size() == 2) {
        known = time;
      }
      if (known > 0 && signs == 0 && signer.equals(now.authorities().getLast())) {
        signs = time;
      }
    }
    assertThat(known).isGreaterThan(3);
    assertThat(signs - known).as("from the making of an authority to its first signature").isGreaterThan(2);
    assertThat(now.authorities()).as("those whose time is over are gone").hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void anotherNameIsAnotherCertificate() {
    Renewal renamed = new Renewal(new Certifier(), List.of("other.network.svc"), LIFETIME);
    assertThat(renamed.due(Optional.of(first()), BEGIN)).hasValueSatisfying(next -> assertThat(next.authorities()).hasSize(1));
  }

  @Test
  void aSecretHoldsIt() throws IdentityText.Unreadable {
    Identity identity = renewal.due(Optional.of(first()), after(4.1)).orElseThrow();
    assertThat(identity.authorities()).hasSize(2);
    assertThat(IdentityText.read(IdentityText.secret(identity))).isEqualTo(identity);
  }

  @Test
  void whatDoesNotBelongTogetherIsNotTaken() {
    Identity one = first();
    Identity other = first();
    refused(new Identity(other.authorities(), one.server()), "none of its authorities");
    refused(new Identity(one.authorities(), new Signed(one.server().certificate(), other.server().key())), "does not belong");
    assertThatThrownBy(() -> IdentityText.read(Fields.empty())).hasMessage("it holds no ca.crt");
    assertThatThrownBy(() -> IdentityText.read(Fields.empty().with("data", Fields.empty().with("ca.crt", "rubbish!"))))
        .isInstanceOf(IdentityText.Unreadable.class);
    Fields data = IdentityText.secret(one).fields("data");
    assertThatThrownBy(() -> IdentityText.read(Fields.empty().with("data", data.with("tls.key", "")))).hasMessageContaining("keys");
  }

  private static void refused(Identity identity, String why) {
    assertThatThrownBy(() -> IdentityText.read(IdentityText.secret(identity))).isInstanceOf(IdentityText.Unreadable.class)
        .hasMessageContaining(why);
  }
}
