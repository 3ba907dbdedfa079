package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What somebody else does in the same account: takes addresses, fills subnets, pulls interfaces. What they take is held by
 * interfaces that a service of AWS manages, so no caller can take it back; limits of interfaces don't hold for them.
 */
public final class OtherOperations {
  private static final String DESCRIPTION = "Somebody else's";

  private final VpcModel model;

  OtherOperations(VpcModel model) {
    this.model = model;
  }

  /** Detaches an interface by force and at once; it stays, and belongs to whom it belonged. */
  public void detach(String interfaceId) {
    model.change(
        draft -> {
          NetworkInterface attached = draft.state().networkInterface(interfaceId);
          Attachment attachment =
              attached
                  .attachment()
                  .orElseThrow(() -> new Ec2Error("IncorrectState", "Interface '" + interfaceId + "' is not attached."));
          if (attachment.primary()) {
            throw new Ec2Error("OperationNotPermitted", "Interface '" + interfaceId + "' is a primary one, and stays.");
          }
          AttachmentOperations.detach(draft, attached);
          return interfaceId;
        });
  }

  /** Detaches an interface by force and deletes it; branches behind it are free then. */
  public void pull(String interfaceId) {
    model.change(
        draft -> {
          NetworkInterface gone = draft.state().networkInterface(interfaceId);
          if (gone.attachment().map(Attachment::primary).orElse(false)) {
            throw new Ec2Error("OperationNotPermitted", "Interface '" + interfaceId + "' is a primary one, and stays.");
          }
          if (gone.kind() == NetworkInterface.Kind.NAT_GATEWAY) {
            throw new Ec2Error("OperationNotPermitted", "Interface '" + interfaceId + "' is a NAT gateway's, and goes with it.");
          }
          List<TrunkAssociation> associations =
              draft.state().associations().values().stream()
                  .filter(a -> a.trunkId().equals(interfaceId) || a.branchId().equals(interfaceId))
                  .toList();
          associations.forEach(association -> TrunkOperations.dissolve(draft, association));
          AttachmentOperations.detach(draft, draft.state().networkInterface(interfaceId));
          draft.remove(draft.state().networkInterface(interfaceId));
          return interfaceId;
        });
  }

  /**
   * Takes an address or a prefix: a free one, or one away from the interface that has it, as its owner can by {@code
   * AllowReassignment}.
   *
   * @param wanted an address as /32 or /128, a prefix as /28 or /80
   * @return the interface that has it now; {@link #leave} gives it back
   */
  public String take(String subnetId, Cidr wanted) {
    return model.change(
        draft -> {
          Subnet subnet = draft.state().subnet(subnetId);
          boolean address = wanted.length() == wanted.base().bits();
          if (!subnet.cidr().contains(wanted) && !subnet.ipv6().map(block -> block.contains(wanted)).orElse(false)) {
            throw new Ec2Error("InvalidParameterValue", wanted + " does not fall within the subnet's address range");
          }
          if (address ? subnet.reserved(wanted.base()) : wanted.length() != (wanted.six() ? 80 : 28)) {
            throw new Ec2Error("InvalidParameterValue", wanted + " can't be had by an interface");
          }
          for (NetworkInterface other : draft.state().interfaces().values()) {
            if (other.subnetId().equals(subnetId) && other.delivered().stream().anyMatch(wanted::overlaps)) {
              giveUp(draft, other, wanted);
            }
          }
          Optional<Ip> primary = address && !wanted.six() ? Optional.of(wanted.base()) : Optional.empty();
          NetworkInterface.Edit edit = create(draft, subnet, primary, Optional.of(wanted)).edit();
          if (address && wanted.six()) {
            edit.ipv6Addresses.add(wanted.base());
          } else if (!address) {
            (wanted.six() ? edit.ipv6Prefixes : edit.ipv4Prefixes).add(wanted);
          }
          NetworkInterface taken = edit.done();
          draft.put(taken);
          return taken.id();
        });
  }

  private static void giveUp(Draft draft, NetworkInterface other, Cidr wanted) {
    NetworkInterface.Edit edit = other.edit();
    boolean gone =
        edit.secondaries.remove(wanted.base())
            || edit.ipv6Addresses.remove(wanted.base())
            || edit.ipv4Prefixes.remove(wanted)
            || edit.ipv6Prefixes.remove(wanted);
    NetworkInterface left = edit.done();
    if (!gone || left.delivered().stream().anyMatch(wanted::overlaps)) {
      throw new Ec2Error(
          "InvalidParameterValue", wanted + " can't be taken from " + other.id() + ": only what can be unassigned alone");
    }
    draft.put(left);
  }

  /**
   * Takes all free IPv4 addresses of a subnet but some.
   *
   * @param free how many stay free
   * @return the interface that has them; empty if there were not more
   */
  public Optional<String> fill(String subnetId, int free) {
    return model.change(
        draft -> {
          Subnet subnet = draft.state().subnet(subnetId);
          SubnetSpace space = SubnetSpace.of(draft.state(), subnet);
          int count = space.free() - free;
          if (count <= 0) {
            return Optional.empty();
          }
          // Every free address in order: the first is the interface's primary one, whole blocks go as prefixes.
          List<Ip> addresses = space.freeAddresses().subList(0, count);
          NetworkInterface.Edit edit = create(draft, subnet, Optional.of(addresses.getFirst()), Optional.empty()).edit();
          int next = 1;
          while (next < addresses.size()) {
            Ip first = addresses.get(next);
            int last = next + SubnetSpace.PREFIX_SIZE - 1;
            boolean block =
                first.equals(Cidr.around(first, 28).base())
                    && last < addresses.size()
                    && addresses.get(last).equals(first.plus(SubnetSpace.PREFIX_SIZE - 1));
            if (block) {
              edit.ipv4Prefixes.add(Cidr.around(first, 28));
            } else {
              edit.secondaries.add(first);
            }
            next += block ? SubnetSpace.PREFIX_SIZE : 1;
          }
          NetworkInterface full = edit.done();
          draft.put(full);
          return Optional.of(full.id());
        });
  }

  /**
   * Takes one address of each free /28 block of a subnet: most addresses are free then, and no prefix is.
   *
   * @return the interface that has them; empty if there was no free block
   */
  public Optional<String> fragment(String subnetId) {
    return model.change(
        draft -> {
          Subnet subnet = draft.state().subnet(subnetId);
          SubnetSpace space = SubnetSpace.of(draft.state(), subnet);
          List<Cidr> blocks = space.freeBlocks();
          if (blocks.isEmpty()) {
            return Optional.empty();
          }
          List<Ip> addresses = blocks.stream().map(Cidr::base).toList();
          NetworkInterface.Edit edit = create(draft, subnet, Optional.of(addresses.getFirst()), Optional.empty()).edit();
          edit.secondaries.addAll(addresses.subList(1, addresses.size()));
          NetworkInterface scattered = edit.done();
          draft.put(scattered);
          return Optional.of(scattered.id());
        });
  }

  /** Gives back what was taken by an interface; nothing happens if it is gone. */
  public void leave(String interfaceId) {
    model.change(
        draft -> {
          Optional.ofNullable(draft.state().interfaces().get(interfaceId)).ifPresent(draft::remove);
          return interfaceId;
        });
  }

  private NetworkInterface create(Draft draft, Subnet subnet, Optional<Ip> address, Optional<Cidr> avoided) {
    SubnetSpace space = SubnetSpace.of(draft.state(), subnet);
    avoided.filter(block -> !block.six()).ifPresent(space::take);
    Ip primary =
        address.orElseGet(
            () -> space.takeAddresses(1, model.behaviour().placement(), model.ids().random()).getFirst());
    NetworkInterface created =
        new NetworkInterface(
            model.ids().next("eni-"),
            NetworkInterface.Kind.INTERFACE,
            subnet.vpcId(),
            subnet.id(),
            subnet.zone(),
            DESCRIPTION,
            true,
            model.ids().mac(),
            Optional.of(primary),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Optional.empty(),
            List.of(draft.state().vpc(subnet.vpcId()).defaultGroupId()),
            true,
            ConnectionTracking.DEFAULT,
            Optional.empty(),
            Map.of());
    draft.put(created);
    return created;
  }
}
