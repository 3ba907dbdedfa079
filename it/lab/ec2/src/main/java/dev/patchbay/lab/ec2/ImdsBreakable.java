package dev.patchbay.lab.ec2;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Fault;
import java.util.Set;

/** The faults of the metadata service. */
final class ImdsBreakable implements Breakable {
  static final String SERVICE = "imds";

  @Override
  public String service() {
    return SERVICE;
  }

  @Override
  public Set<String> words() {
    return Set.of("refuse", "throttle", "delay", "drop", "cut", "lose", "hang", "lag", "empty");
  }

  @Override
  public void check(Fault fault) {
    if (fault.effect() instanceof Effect.Refuse(String code, String message) && !code.matches("[45][0-9]{2}")) {
      throw new IllegalArgumentException("'" + code + "' is no HTTP status that the metadata service fails with, such as 404 or 503");
    }
  }
}
