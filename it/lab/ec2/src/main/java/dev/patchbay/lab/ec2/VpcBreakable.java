package dev.patchbay.lab.ec2;

import dev.patchbay.lab.calls.Breakable;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.VpcModel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can happen to a VPC without a call: somebody else's doing. */
final class VpcBreakable implements Breakable {
  private final VpcModel model;

  VpcBreakable(VpcModel model) {
    this.model = model;
  }

  @Override
  public String service() {
    return "vpc";
  }

  @Override
  public Set<String> words() {
    return Set.of();
  }

  @Override
  public Map<String, String> acts() {
    return Map.of(
        "pull", "an interface: somebody detaches and deletes it",
        "detach", "an interface: somebody detaches it, and leaves it there",
        "take", "an address or prefix: somebody takes it, from the interface that has it if need be",
        "fill", "a subnet, or subnet:N: somebody takes all its free IPv4 addresses, but N",
        "fragment", "a subnet: somebody takes one address of each of its free /28 blocks");
  }

  @Override
  public Runnable act(String word, String argument) {
    try {
      return switch (word) {
        case "pull" -> {
          model.others().pull(argument);
          yield () -> {};
        }
        case "detach" -> {
          model.others().detach(argument);
          yield () -> {};
        }
        case "take" -> take(argument);
        case "fill" -> {
          int colon = argument.indexOf(':');
          String subnet = colon < 0 ? argument : argument.substring(0, colon);
          String free = colon < 0 ? "0" : argument.substring(colon + 1);
          if (!free.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("fill=" + argument + ": a number of addresses to leave is needed after the colon");
          }
          yield undo(model.others().fill(subnet, Integer.parseInt(free)));
        }
        case "fragment" -> undo(model.others().fragment(argument));
        default -> throw new IllegalArgumentException("vpc can't " + word);
      };
    } catch (Ec2Error refused) {
      throw new IllegalArgumentException(word + "=" + argument + ": " + refused.text(), refused);
    }
  }

  private Runnable take(String argument) {
    Cidr wanted;
    try {
      wanted = argument.contains("/") ? Cidr.parse(argument) : Cidr.of(Ip.parse(argument));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("take=" + argument + ": no address and no prefix: " + e.getMessage(), e);
    }
    Subnet subnet =
        model.state().subnets().values().stream()
            .filter(each -> each.cidr().contains(wanted) || each.ipv6().map(block -> block.contains(wanted)).orElse(false))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("take=" + argument + ": it lies in no subnet of the lab"));
    return undo(Optional.of(model.others().take(subnet.id(), wanted)));
  }

  private Runnable undo(Optional<String> interfaceId) {
    return () -> interfaceId.ifPresent(model.others()::leave);
  }
}
