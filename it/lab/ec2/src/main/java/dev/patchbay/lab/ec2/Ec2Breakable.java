package dev.patchbay.lab.ec2;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.calls.Effect;
import dev.patchbay.lab.calls.Fault;
import java.util.List;
import java.util.Set;

/** The faults of EC2's endpoint. */
final class Ec2Breakable implements Breakable {
  private static final Set<String> SETTLING = Set.of("AttachNetworkInterface", "DetachNetworkInterface");

  private final Set<String> actions;

  Ec2Breakable(Set<String> actions) {
    this.actions = Set.copyOf(actions);
  }

  @Override
  public String service() {
    return "ec2";
  }

  @Override
  public Set<String> words() {
    return Set.of("refuse", "throttle", "delay", "settle", "drop", "cut", "lose", "hang", "lag", "empty");
  }

  @Override
  public void check(Fault fault) {
    List<String> meant = actions.stream().filter(fault.target()::covers).toList();
    if (meant.isEmpty()) {
      throw new IllegalArgumentException("the lab's EC2 has no action " + fault.target().action());
    }
    switch (fault.effect()) {
      case Effect.Refuse(String code, String _) -> {
        if (!code.matches("[A-Z][A-Za-z]+(\\.[A-Z][A-Za-z]+)*")) {
          throw new IllegalArgumentException(
              "'" + code + "' is no error code of EC2's, such as InsufficientFreeAddressesInSubnet");
        }
      }
      case Effect.Settle _ -> {
        if (!SETTLING.containsAll(meant)) {
          throw new IllegalArgumentException(
              "settle is for AttachNetworkInterface and DetachNetworkInterface, not for " + fault.target().action());
        }
      }
      case Effect.Lag _, Effect.Empty _ -> reads(fault, meant);
      case Effect.Throttle _, Effect.Delay _, Effect.NoAnswer _, Effect.Act _ -> {}
    }
  }

  private static void reads(Fault fault, List<String> meant) {
    if (!meant.stream().allMatch(action -> action.startsWith("Describe") || action.startsWith("Get"))) {
      throw new IllegalArgumentException(
          fault.effect().word() + " is for actions that read, such as ec2:Describe*, not for " + fault.target().action());
    }
  }
}
