package dev.patchbay.admission;

import dev.patchbay.spi.Fields;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An identity as a Secret holds it: certificates and keys in PEM (RFC 7468), those of authorities in one order. */
final class IdentityText {
  private static final String AUTHORITIES = "ca.crt";
  private static final String AUTHORITY_KEYS = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";
  private static final Pattern KEY_BLOCK = Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final int LINE = 64;

  private IdentityText() {}

  /** A Secret holds no identity. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String why) {
      super(why, null, false, false);
    }
  }

  /** The Secret's content. */
  static Fields secret(Identity identity) {
    StringBuilder keys = new StringBuilder();
    identity.authorities().forEach(authority -> keys.append(pem("PRIVATE KEY", authority.key().getEncoded())));
    Fields data = Fields.empty().with(AUTHORITIES, base64(authorities(identity))).with(AUTHORITY_KEYS, base64(keys.toString()))
        .with(CERTIFICATE, base64(pem(identity.server().certificate()))).with(KEY, base64(pem("PRIVATE KEY", identity.server().key().getEncoded())));
    return Fields.empty().with("type", "Opaque").with("data", data);
  }

  /** The authorities, in PEM. */
  static String authorities(Identity identity) {
    StringBuilder text = new StringBuilder();
    identity.authorities().forEach(authority -> text.append(pem(authority.certificate())));
    return text.toString();
  }

  /** The authorities as a configuration of webhooks holds them. */
  static String bundle(Identity identity) {
    return base64(authorities(identity));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate can't be encoded: " + e.getMessage(), e);
    }
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + label
        + "-----\n";
  }

  /** Reads a Secret's content, and sees that keys and certificates belong together. */
  static Identity read(Fields secret) throws Unreadable {
    Fields data = secret.fields("data");
    try {
      List<Signed> authorities = signed(text(data, AUTHORITIES), text(data, AUTHORITY_KEYS));
      List<Signed> server = signed(text(data, CERTIFICATE), text(data, KEY));
      if (authorities.isEmpty() || server.size() != 1) {
        throw new Unreadable("it holds " + authorities.size() + " authorities and " + server.size() + " certificates");
      }
      X509Certificate certificate = server.getFirst().certificate();
      for (Signed authority : authorities) {
        if (authority.certificate().getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
          certificate.verify(authority.certificate().getPublicKey());
          return new Identity(authorities, server.getFirst());
        }
      }
      throw new Unreadable("none of its authorities has signed its certificate");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Unreadable("what it holds can't be read: " + e.getMessage());
    }
  }

  private static String text(Fields data, String name) throws Unreadable {
    return new String(Base64.getDecoder().decode(data.text(name).orElseThrow(() -> new Unreadable("it holds no " + name))),
        StandardCharsets.US_ASCII);
  }

  private static List<Signed> signed(String certificates, String keys) throws GeneralSecurityException, Unreadable {
    List<Certificate> all = List.copyOf(CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(certificates.getBytes(StandardCharsets.US_ASCII))));
    Matcher blocks = KEY_BLOCK.matcher(keys);
    List<Signed> signed = new ArrayList<>();
    for (Certificate each : all) {
      if (!blocks.find() || !(each instanceof X509Certificate certificate)) {
        throw new Unreadable("it has not as many keys as certificates");
      }
      PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(
          new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(blocks.group(1))));
      if (!belongs(certificate, key)) {
        throw new Unreadable("a key does not belong to its certificate");
      }
      signed.add(new Signed(certificate, key));
    }
    return signed;
  }

  private static boolean belongs(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
    byte[] something = certificate.getSerialNumber().toByteArray();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(something);
    byte[] made = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(something);
    return signature.verify(made);
  }
}
