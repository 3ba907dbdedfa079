package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudSettings;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.Ec2ClientBuilder;

/**
 * Makes the SDK's client, so that it tries nothing twice and tells whether anything was sent.
 */
final class Ec2Connection {
  /** Set by the caller for each request; true once the SDK begins to send it. */
  static final ExecutionAttribute<AtomicBoolean> SENT = new ExecutionAttribute<>("dev.patchbay.sent");

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(4);

  private Ec2Connection() {}

  /**
   * Makes it; connects to nothing yet.
   *
   * @param settings where EC2 is
   * @param region the region
   * @param credentials as whom
   * @param times hears of every answer
   * @return the client; the caller closes it
   */
  static Ec2Client open(CloudSettings settings, String region, AwsCredentialsProvider credentials, AnswerTimes times) {
    Duration connect = settings.timeLimit().dividedBy(2);
    Ec2ClientBuilder builder = Ec2Client.builder().region(Region.of(region))
        .credentialsProvider(credentials)
        // Whoever connects longer than this has sent nothing, and may try again while it still has time.
        .httpClientBuilder(UrlConnectionHttpClient.builder()
            .connectionTimeout(connect.compareTo(LONGEST_CONNECT) < 0 ? connect : LONGEST_CONNECT)
            .socketTimeout(settings.timeLimit()))
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry())
            .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_PREFIX, "patchbay/" + version())
            .addExecutionInterceptor(new Marker()).addExecutionInterceptor(times));
    settings.ec2Endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /**
   * The SDK's default chain; its own has no way to say where the metadata is.
   *
   * @param metadataEndpoint where the credentials of the instance's role are
   * @return who tells them; asks for nothing yet
   */
  static AwsCredentialsProvider credentials(URI metadataEndpoint) {
    return AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create(),
        EnvironmentVariableCredentialsProvider.create(), WebIdentityTokenFileCredentialsProvider.create(),
        ProfileCredentialsProvider.create(), ContainerCredentialsProvider.create(),
        InstanceProfileCredentialsProvider.builder().endpoint(metadataEndpoint.toString()).build());
  }

  private static String version() {
    return Optional.ofNullable(Ec2Connection.class.getModule().getDescriptor()).flatMap(ModuleDescriptor::rawVersion)
        .orElse("unversioned");
  }

  private static final class Marker implements ExecutionInterceptor {
    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
      AtomicBoolean sent = attributes.getAttribute(SENT);
      if (sent != null) {
        sent.set(true);
      }
    }
  }
}
