package dev.patchbay.lab.vpc;

import java.time.Instant;
import java.util.Map;

/**
 * An instance. Its interfaces are found by {@link VpcState#interfacesOf}.
 *
 * @param id such as {@code i-0…}
 * @param type its type
 * @param vpcId its VPC
 * @param subnetId its primary interface's subnet
 * @param zone its availability zone's name
 * @param state where it is in its life
 * @param launchTime when it was launched
 * @param metadata how its metadata service is set up
 * @param tags its tags
 */
public record Instance(
    String id,
    InstanceType type,
    String vpcId,
    String subnetId,
    String zone,
    State state,
    Instant launchTime,
    MetadataOptions metadata,
    Map<String, String> tags) {
  /** Where an instance is in its life. */
  public enum State {
    /** It runs. */
    RUNNING,
    /** It is off; its interfaces stay attached. */
    STOPPED,
    /** It is gone; kept so that describes can show it. */
    TERMINATED
  }

  /** Copies the tags. */
  public Instance {
    tags = Tags.copy(tags);
  }

  Instance withState(State changed) {
    return new Instance(id, type, vpcId, subnetId, zone, changed, launchTime, metadata, tags);
  }

  Instance withTags(Map<String, String> changed) {
    return new Instance(id, type, vpcId, subnetId, zone, state, launchTime, metadata, changed);
  }

  Instance withMetadata(MetadataOptions changed) {
    return new Instance(id, type, vpcId, subnetId, zone, state, launchTime, changed, tags);
  }
}
