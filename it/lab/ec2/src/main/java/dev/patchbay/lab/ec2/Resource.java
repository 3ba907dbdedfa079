package dev.patchbay.lab.ec2;

import java.util.List;
import java.util.Map;

/**
 * One thing on which an action is checked.
 *
 * @param arn its ARN; {@code *} for actions that are checked on no resource
 * @param keys what conditions can ask of it, by key in lower case
 */
record Resource(String arn, Map<String, List<String>> keys) {
  Resource {
    keys = Map.copyOf(keys);
  }
}
