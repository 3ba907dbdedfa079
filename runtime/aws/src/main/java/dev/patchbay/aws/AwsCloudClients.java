package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudClients;
import dev.patchbay.core.cloud.CloudSettings;

/**
 * Opens the way to AWS.
 */
public final class AwsCloudClients implements CloudClients {
  /**
   * For the service loader.
   */
  public AwsCloudClients() {}

  @Override
  public CloudClient open(CloudSettings settings) {
    return new AwsCloudClient(settings);
  }
}
