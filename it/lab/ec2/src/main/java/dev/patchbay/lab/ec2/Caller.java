package dev.patchbay.lab.ec2;

import java.util.Set;

/**
 * Somebody who calls EC2.
 *
 * @param name shown in records and refusals
 * @param allowed the actions that the caller's policy allows, such as {@code ec2:DescribeInstances}; {@code ec2:*} is all,
 *     and a trailing {@code *} any that begins so
 */
public record Caller(String name, Set<String> allowed) {
  /** Copies the set. */
  public Caller {
    allowed = Set.copyOf(allowed);
  }

  /** Whether the policy allows an action, named without {@code ec2:}. */
  public boolean may(String action) {
    String full = "ec2:" + action;
    return allowed.stream()
        .anyMatch(
            pattern ->
                pattern.endsWith("*")
                    ? full.startsWith(pattern.substring(0, pattern.length() - 1))
                    : full.equals(pattern));
  }
}
