package dev.patchbay.admission;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys (ECDSA on P-256) and certificates (RFC 5280). */
final class Certifier {
  /** Clocks of machines differ; whoever is a little behind must not find a certificate too young. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 128;

  private final SecureRandom random = new SecureRandom();

  /** Makes an authority. */
  Signed authority(Instant now, Instant until) {
    try {
      KeyPair keys = keys();
      BigInteger serial = serial();
      X500Name name = new X500Name("CN=patchbay webhooks " + serial.toString(16));
      X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial, from(now), Date.from(until), name, keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return signed(builder, keys, keys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate authority could be made: " + e.getMessage(), e);
    }
  }

  /** Makes a server's certificate. */
  Signed server(Signed authority, List<String> names, Instant now, Instant until) {
    try {
      KeyPair keys = keys();
      X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(authority.certificate(), serial(), from(now), Date.from(until),
          // A name may be longer than what fits here, and nobody reads it: alternative names count.
          new X500Name("CN=patchbay webhooks"), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names.stream()
          .map(name -> new GeneralName(GeneralName.dNSName, name)).toArray(GeneralName[]::new)));
      builder.addExtension(Extension.authorityKeyIdentifier, false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
      return signed(builder, keys, authority.key());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate for " + names + " could be made: " + e.getMessage(), e);
    }
  }

  private static Signed signed(X509v3CertificateBuilder builder, KeyPair keys, PrivateKey signer)
      throws OperatorCreationException, GeneralSecurityException {
    X509Certificate certificate = new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
    return new Signed(certificate, keys.getPrivate());
  }

  private static Date from(Instant now) {
    return Date.from(now.minus(BACKDATED));
  }

  private KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(0);
  }
}
