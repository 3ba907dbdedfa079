package dev.patchbay.admission;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The key that connections are served with, which changes while they are. For any thread. */
final class ServedKey extends X509ExtendedKeyManager {
  private static final String ALIAS = "server";
  private static final String TYPE = "EC";

  private volatile @Nullable Signed served;

  void serve(Signed signed) {
    served = signed;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return served != null && type.startsWith(TYPE) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(type, issuers, null);
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return served != null && type.startsWith(TYPE) ? new String[] {ALIAS} : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Signed now = served;
    return now == null ? null : new X509Certificate[] {now.certificate()};
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Signed now = served;
    return now == null ? null : now.key();
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
