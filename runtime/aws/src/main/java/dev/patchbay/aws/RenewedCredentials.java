package dev.patchbay.aws;

import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Credentials that are fetched anew once EC2 has refused them. The SDK keeps what it has fetched until a time of the wall clock: had that
 * been years ahead for a while, they would be kept for years. For any number of threads.
 */
final class RenewedCredentials implements AwsCredentialsProvider, AutoCloseable {
  private final Supplier<AwsCredentialsProvider> source;
  private AwsCredentialsProvider provider;

  /**
   * Asks for nothing yet.
   *
   * @param source makes a provider that has kept nothing
   */
  RenewedCredentials(Supplier<AwsCredentialsProvider> source) {
    this.source = source;
    this.provider = source.get();
  }

  /** What was fetched is forgotten. */
  synchronized void renew() {
    close();
    provider = source.get();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentialsProvider current;
    synchronized (this) {
      current = provider;
    }
    return current.resolveCredentials();
  }

  @Override
  public synchronized void close() {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
