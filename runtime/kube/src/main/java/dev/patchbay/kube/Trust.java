package dev.patchbay.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Trusts the cluster's own authority and no other, where the client adds it to the hundred and more that the JDK brings. */
final class Trust {
  private Trust() {}

  /** The context for a configuration; empty if it names no authority, or none that is to be checked. */
  static Optional<SSLContext> of(Config config) {
    @Nullable String data = config.getCaCertData();
    @Nullable String file = config.getCaCertFile();
    if (config.isTrustCerts() || (data == null && file == null)) {
      return Optional.empty();
    }
    try (InputStream pem = data != null ? new ByteArrayInputStream(Base64.getDecoder().decode(data)) : Files.newInputStream(Path.of(file))) {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      int n = 0;
      for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        authorities.setCertificateEntry("authority-" + n++, authority);
      }
      if (n == 0) {
        throw new GeneralSecurityException("the cluster's authority holds no certificate");
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(SSLUtils.keyManagers(config), trust.getTrustManagers(), null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the cluster's authority can't be read: " + e);
    }
  }
}
