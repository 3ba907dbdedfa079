package dev.patchbay.lab.vpc;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** EC2's rules for tags (Amazon EC2 user guide, "Tag your resources": 50 a resource, keys of 128, values of 256). */
final class Tags {
  private static final int MOST = 50;
  private static final int KEY = 128;
  private static final int VALUE = 256;

  private Tags() {}

  /** An immutable copy, sorted by key. */
  static Map<String, String> copy(Map<String, String> tags) {
    return tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /** The tags with others laid over them. */
  static Map<String, String> merge(Map<String, String> tags, Map<String, String> added) {
    Map<String, String> all = new TreeMap<>(tags);
    all.putAll(added);
    long own = all.keySet().stream().filter(key -> !key.startsWith("aws:")).count();
    if (own > MOST) {
      throw new Ec2Error("TagLimitExceeded", "The maximum number of tags for a resource is " + MOST + ".");
    }
    return copy(all);
  }

  /** Refuses what a caller may not set. */
  static void check(Map<String, String> tags) {
    tags.forEach(
        (key, value) -> {
          if (key.isEmpty() || key.length() > KEY) {
            throw new Ec2Error(
                "InvalidParameterValue", "Tag key length must be between 1 and " + KEY + " characters: '" + key + "'");
          }
          if (value.length() > VALUE) {
            throw new Ec2Error(
                "InvalidParameterValue", "Tag value exceeds the maximum length of " + VALUE + " characters: '" + key + "'");
          }
          if (key.startsWith("aws:")) {
            throw new Ec2Error("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
          }
        });
  }
}
