package dev.patchbay.cli.training;

import dev.patchbay.core.cloud.CloudClient;
import dev.patchbay.core.cloud.CloudClients;
import dev.patchbay.core.cloud.CloudSettings;

/** The way to the cloud of a daemon in training. */
public final class TrainingClouds implements CloudClients {
  /** Started as a service; does nothing yet. */
  public TrainingClouds() {}

  @Override
  public CloudClient open(CloudSettings settings) {
    return new TrainingCloud();
  }
}
