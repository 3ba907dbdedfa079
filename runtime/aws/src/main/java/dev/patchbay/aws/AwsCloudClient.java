package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.core.cloud.CloudCall;
import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.cloud.CloudSettings;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.types.PublishedTypes;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cloud, by the AWS SDK and the instance's metadata. The SDK's client is made at the first call, since its region may have to be
 * read from the metadata. For any number of threads.
 */
final class AwsCloudClient implements CloudClient {
  // Source: EC2 user guide, "Access instance metadata for an EC2 instance".
  private static final URI USUAL_METADATA = URI.create("http://169.254.169.254");

  private final CloudSettings settings;
  private final MetadataReader metadata;
  private final PublishedTypes types = new PublishedTypes();
  private final AnswerTimes times = new AnswerTimes(InstantSource.system());
  private final RenewedCredentials credentials;
  private final Object opening = new Object();
  private volatile @Nullable Ec2Actions ec2;
  private boolean closed;

  AwsCloudClient(CloudSettings settings) {
    this.settings = settings;
    URI metadataEndpoint = settings.metadataEndpoint().orElse(USUAL_METADATA);
    this.credentials = new RenewedCredentials(() -> Ec2Connection.credentials(metadataEndpoint));
    this.metadata = new MetadataReader(new MetadataService(metadataEndpoint, settings.timeLimit()));
  }

  @Override
  public CloudAnswer call(CloudCall call) {
    try {
      CloudAnswer answer = ec2().call(call);
      if (Failures.ofCredentials(answer)) {
        credentials.renew();
      }
      return answer;
    } catch (CloudException e) {
      return new CloudAnswer.Failed(CloudAnswer.Kind.UNREACHABLE, "NoRegion", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public InstanceMetadata metadata() {
    return metadata.read();
  }

  @Override
  public Optional<InstanceTypeRecord> type(String name) {
    return types.find(name);
  }

  @Override
  public List<String> denied(List<String> actions) {
    try {
      return ec2().denied(actions, metadata.read());
    } catch (CloudException e) {
      // Nothing is known of any action, so none is said to be denied; that the metadata can't be read is told where it is needed.
      return List.of();
    }
  }

  @Override
  public Optional<Duration> clockAhead() {
    return times.ahead();
  }

  @Override
  public void close() {
    synchronized (opening) {
      closed = true;
      Ec2Actions open = ec2;
      if (open != null) {
        open.close();
      }
    }
    credentials.close();
  }

  private Ec2Actions ec2() {
    Ec2Actions open = ec2;
    if (open != null) {
      return open;
    }
    String region = settings.region().orElseGet(metadata::region);
    synchronized (opening) {
      if (closed) {
        throw new IllegalStateException("the client of EC2 is closed");
      }
      open = ec2;
      if (open == null) {
        open = new Ec2Actions(Ec2Connection.open(settings, region, credentials, times), settings.timeLimit());
        ec2 = open;
      }
      return open;
    }
  }
}
