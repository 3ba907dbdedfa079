package dev.patchbay.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client that trusts and is known as a configuration says. The client renews tokens from where they came from by itself;
 * what else changes in a configuration, another connection learns.
 */
final class Connection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;

  private final Owned owned;
  private final HttpClient client;
  private final String url;

  private Connection(Owned owned, HttpClient client, String url) {
    this.owned = owned;
    this.client = client;
    this.url = url;
  }

  /**
   * Reads the configuration. Nothing is connected yet.
   *
   * @param kubeconfig the file; empty for the environment of a pod
   * @throws ApiFailure if it can't be read
   */
  static Connection open(Optional<Path> kubeconfig) {
    try {
      Config config = kubeconfig.isPresent() ? Kubeconfig.read(kubeconfig.get()) : Config.autoConfigure(null);
      // Attempts are counted, told and spread here.
      config.setRequestRetryBackoffLimit(0);
      config.setConnectionTimeout(CONNECT_MILLIS);
      config.setUserAgent("patchbay");
      Owned owned = new Owned(Trust.of(config));
      String url = config.getMasterUrl();
      return new Connection(owned, owned.newBuilder(config).build(), url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    } catch (ApiFailure e) {
      throw e;
    } catch (RuntimeException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "how to reach it can't be read"
          + kubeconfig.map(f -> " from " + f).orElse("") + ": " + why);
    }
  }

  HttpClient client() {
    return client;
  }

  /** Where the API server is, without a slash at the end. */
  String url() {
    return url;
  }

  /** Ends all that goes on over it. */
  @Override
  public void close() {
    client.close();
    owned.end();
  }

  /** Makes one client of the JDK, and keeps hold of it: an exchange that is given up must not keep it alive. */
  private static final class Owned extends JdkHttpClientFactory {
    private final ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kube-http-", 0).factory());
    private final Optional<SSLContext> trust;
    private volatile java.net.http.@Nullable HttpClient made;

    private Owned(Optional<SSLContext> trust) {
      this.trust = trust;
    }

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
      return new Keeping(java.net.http.HttpClient.newBuilder().executor(threads), client -> made = client);
    }

    void end() {
      java.net.http.HttpClient client = made;
      if (client != null) {
        client.shutdownNow();
      }
      threads.shutdownNow();
    }

    @Override
    protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
      // An API server does not redirect, and credentials must not go where something else points to.
      builder.followRedirects(Redirect.NEVER);
      trust.ifPresent(builder::sslContext);
    }
  }

  /** A builder that shows what it has built. */
  private record Keeping(java.net.http.HttpClient.Builder builder, Consumer<java.net.http.HttpClient> built)
      implements java.net.http.HttpClient.Builder {
    @Override
    public java.net.http.HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
      builder.cookieHandler(cookieHandler);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder connectTimeout(Duration duration) {
      builder.connectTimeout(duration);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder sslContext(SSLContext sslContext) {
      builder.sslContext(sslContext);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder sslParameters(SSLParameters sslParameters) {
      builder.sslParameters(sslParameters);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder executor(Executor executor) {
      builder.executor(executor);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder followRedirects(Redirect policy) {
      builder.followRedirects(policy);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder version(Version version) {
      builder.version(version);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder priority(int priority) {
      builder.priority(priority);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder proxy(ProxySelector proxySelector) {
      builder.proxy(proxySelector);
      return this;
    }

    @Override
    public java.net.http.HttpClient.Builder authenticator(Authenticator authenticator) {
      builder.authenticator(authenticator);
      return this;
    }

    @Override
    public java.net.http.HttpClient build() {
      java.net.http.HttpClient client = builder.build();
      built.accept(client);
      return client;
    }
  }
}
