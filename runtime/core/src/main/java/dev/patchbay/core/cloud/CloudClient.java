package dev.patchbay.core.cloud;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The cloud: EC2, and what the instance's metadata says. For any number of threads; calls block until there is an answer, at most
 * the time that the settings give.
 */
public interface CloudClient extends AutoCloseable {
  /**
   * Calls EC2 once; what is tried again is the caller's decision.
   *
   * @param call the call
   * @return the answer; never an exception, a failure is an answer too
   */
  CloudAnswer call(CloudCall call);

  /**
   * Reads the instance's metadata.
   *
   * @return what it says
   * @throws CloudException if it can't be read
   */
  InstanceMetadata metadata();

  /**
   * Looks up the limits of an instance type in the table that comes with the adapter.
   *
   * @param name the type
   * @return its limits; empty if the table does not have it
   */
  Optional<InstanceTypeRecord> type(String name);

  /**
   * Asks EC2, without doing anything, whether actions are allowed ({@code DryRun}).
   *
   * @param actions the actions
   * @return those that are not; an action that has no dry run, or whose answer does not tell, is left out
   */
  List<String> denied(List<String> actions);

  /**
   * {@return how far this machine's clock is ahead of the cloud's, as the cloud's last answer showed; negative if behind, empty if no answer
   * has told}
   */
  default Optional<Duration> clockAhead() {
    return Optional.empty();
  }

  @Override
  void close();
}
