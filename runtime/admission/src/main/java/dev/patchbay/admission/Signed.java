package dev.patchbay.admission;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate and its key.
 *
 * @param certificate the certificate
 * @param key the key
 */
record Signed(X509Certificate certificate, PrivateKey key) {
  /** Never the key. */
  @Override
  public String toString() {
    return certificate.getSubjectX500Principal() + " until " + certificate.getNotAfter().toInstant();
  }
}
