package dev.patchbay.lab.kube.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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

/**
 * The lab's own certificate authority, made anew at each start; its key never leaves memory. Keys are ECDSA on P-256,
 * which every client takes and which are made in a millisecond.
 */
public final class CertificateAuthority {
  private static final Duration LIFETIME = Duration.ofDays(365);
  // Clients whose clock is a little behind must not find the certificate too young; fault tests step clocks, too.
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final char[] NO_PASSWORD = new char[0];

  private final KeyPair keys;
  private final X509Certificate certificate;

  /** Makes an authority of a name. */
  public CertificateAuthority(String name) {
    keys = keys();
    X500Name subject = new X500Name("CN=" + name);
    X509v3CertificateBuilder builder = builder(subject, subject, keys);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
      certificate = sign(builder);
    } catch (IOException e) {
      throw new IllegalStateException("the lab's certificate authority could not be made: " + e.getMessage(), e);
    }
  }

  /** The authority's certificate in PEM: what clients trust. */
  public String pem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the lab's certificate could not be encoded: " + e.getMessage(), e);
    }
  }

  /**
   * What a TLS server needs, with a certificate for it.
   *
   * @param names host names and addresses by which clients reach it
   */
  public SSLContext serverContext(List<String> names) {
    try {
      KeyPair server = keys();
      X509v3CertificateBuilder builder = serverCertificate(names, server);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      X509Certificate[] chain = {sign(builder), certificate};
      store.setKeyEntry("server", server.getPrivate(), NO_PASSWORD, chain);
      KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no server certificate for " + names + " could be made: " + e.getMessage(), e);
    }
  }

  /**
   * What a TLS server that is another program needs: its key and its certificate in PEM.
   *
   * @param names host names and addresses by which clients reach it
   */
  public ServerFiles serverFiles(List<String> names) {
    try {
      KeyPair server = keys();
      X509Certificate signed = sign(serverCertificate(names, server));
      return new ServerFiles(privateKey(server), pem("CERTIFICATE", signed.getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no server certificate for " + names + " could be made: " + e.getMessage(), e);
    }
  }

  /** A pair of keys for signing tokens, in PEM. */
  public static SigningKeys signingKeys() {
    KeyPair made = keys();
    return new SigningKeys(privateKey(made), pem("PUBLIC KEY", made.getPublic().getEncoded()));
  }

  /**
   * A pair of keys in PEM.
   *
   * @param signing the private one
   * @param checking the public one
   */
  public record SigningKeys(String signing, String checking) {}

  /** A client's view: it trusts this authority and nobody else. */
  public SSLContext clientContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setCertificateEntry("authority", certificate);
      TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the lab's authority could not be trusted: " + e.getMessage(), e);
    }
  }

  /**
   * A key and a certificate in PEM.
   *
   * @param key the private key
   * @param certificate for its public one
   */
  public record ServerFiles(String key, String certificate) {}

  private static String privateKey(KeyPair keys) {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static String pem(String what, byte[] content) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private X509v3CertificateBuilder serverCertificate(List<String> names, KeyPair server)
      throws IOException, GeneralSecurityException {
    X509v3CertificateBuilder builder =
        builder(
            new X500Name(certificate.getSubjectX500Principal().getName()), new X500Name("CN=kube-apiserver"), server);
    GeneralName[] alternatives = names.stream().map(CertificateAuthority::generalName).toArray(GeneralName[]::new);
    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    // OpenSSL 3 in strict mode, as newer Pythons ask for, wants it (RFC 5280, section 4.2.1.1).
    builder.addExtension(
        Extension.authorityKeyIdentifier, false, new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
    return builder;
  }

  private static GeneralName generalName(String name) {
    return new GeneralName(ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
    Instant now = Instant.now();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(127, new SecureRandom()).setBit(126),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(LIFETIME)),
              subject,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return builder;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("a certificate for " + subject + " could not be made: " + e.getMessage(), e);
    }
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("a certificate could not be signed: " + e.getMessage(), e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key for a certificate could be made: " + e.getMessage(), e);
    }
  }
}
