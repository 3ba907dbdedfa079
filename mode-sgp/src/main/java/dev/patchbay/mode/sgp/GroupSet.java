package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.policy.Answers;
import dev.patchbay.mode.sgp.policy.Policies;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.ObjectsView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Security groups that pods have together: those of all policies that match them.
 *
 * @param groups the groups' ids, in order
 */
record GroupSet(List<String> groups) {
  private static final String PREFIX = "sgp.";
  private static final int LONGEST = 63;

  static GroupSet of(Iterable<String> ids) {
    Set<String> sorted = new TreeSet<>();
    ids.forEach(sorted::add);
    return new GroupSet(List.copyOf(sorted));
  }

  /** The set of a pod; empty if no policy matches it. */
  static Answer<Optional<GroupSet>> of(ObjectsView objects, ObjectView pod) {
    Answer<List<ObjectView>> matching = Policies.matching(objects, pod);
    if (matching.plan().isEmpty()) {
      return Answers.instead(matching);
    }
    List<ObjectView> policies = matching.plan().orElseThrow();
    GroupSet set = of(Policies.groups(policies));
    Optional<String> odd = set.groups.stream().filter(g -> !g.matches("sg-[0-9a-f]{8,17}")).findFirst();
    if (odd.isPresent()) {
      return Answer.refuse(Codes.OBJECT_INVALID, "A SecurityGroupPolicy that matches pod " + pod.ref().name() + " names \"" + odd.get()
          + "\", which is no id of a security group.", "Correct it: " + String.join(", ", policies.stream().map(p -> p.ref().name()).toList())
          + " match the pod.");
    }
    return Answer.of(set.groups.isEmpty() ? Optional.empty() : Optional.of(set));
  }

  /** The name of the lane whose interfaces have these groups and no others: the ids themselves where there is room for them. */
  String lane() {
    String plain = PREFIX + String.join(".", groups);
    return plain.length() <= LONGEST ? plain : PREFIX + HexFormat.of().formatHex(digest(plain)).substring(0, 40);
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static boolean isLane(String name) {
    return name.startsWith(PREFIX);
  }

  @Override
  public String toString() {
    return String.join(", ", groups);
  }
}
