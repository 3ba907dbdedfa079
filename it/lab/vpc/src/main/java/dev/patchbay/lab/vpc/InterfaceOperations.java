package dev.patchbay.lab.vpc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Creates, changes and deletes interfaces. */
public final class InterfaceOperations {
  /** What an interface may hold while no instance type limits it: the most that any type allows. */
  private static final int UNATTACHED_LIMIT = 64;

  private final VpcModel model;

  InterfaceOperations(VpcModel model) {
    this.model = model;
  }

  /** Creates an interface; the same client token gives the same one. */
  public NetworkInterface create(InterfaceRequest request) {
    String id = model.once("create", request.clientToken(), request.toString(), draft -> create(draft, request).id());
    NetworkInterface created = model.state().interfaces().get(id);
    if (created == null) {
      throw new Ec2Error(
          "IdempotentParameterMismatch",
          "The client token you have provided is associated with a resource that is already deleted.");
    }
    return created;
  }

  NetworkInterface create(Draft draft, InterfaceRequest request) {
    VpcState state = draft.state();
    Subnet subnet = state.subnet(request.subnetId());
    Tags.check(request.tags());
    if (request.description().length() > 255) {
      throw new Ec2Error("InvalidParameterValue", "Description is longer than 255 characters.");
    }
    List<String> groups =
        request.groups().isEmpty()
            ? List.of(state.vpc(subnet.vpcId()).defaultGroupId())
            : checkGroups(state, subnet.vpcId(), request.groups());
    if (state.interfaces().size() >= model.behaviour().quotas().interfaces()) {
      throw new Ec2Error("NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached.");
    }
    SubnetSpace space = SubnetSpace.of(state, subnet);
    boolean addressless = request.kind() == NetworkInterface.Kind.EFA_ONLY;
    Optional<Ip> primary =
        addressless ? Optional.empty() : Optional.of(primary(space, subnet, request));
    String id = model.ids().next("eni-");
    draft.put(
        new NetworkInterface(
            id,
            request.kind(),
            subnet.vpcId(),
            subnet.id(),
            subnet.zone(),
            request.description(),
            request.requesterManaged(),
            model.ids().mac(),
            primary,
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Optional.empty(),
            groups,
            true,
            request.connectionTracking(),
            Optional.empty(),
            request.tags()));
    List<AddressRequest> four =
        List.of(
            AddressRequest.of(request.secondaries(), false),
            AddressRequest.count(request.secondaryCount()),
            AddressRequest.prefixCount(request.ipv4PrefixCount()),
            AddressRequest.prefixes(request.ipv4Prefixes()));
    List<AddressRequest> six =
        List.of(
            AddressRequest.of(request.ipv6Addresses(), false),
            AddressRequest.count(request.ipv6Count()),
            AddressRequest.prefixCount(request.ipv6PrefixCount()),
            AddressRequest.prefixes(request.ipv6Prefixes()));
    if (addressless && (four.stream().anyMatch(r -> r.slots() > 0) || six.stream().anyMatch(r -> r.slots() > 0))) {
      throw new Ec2Error("InvalidParameterCombination", "IP addresses cannot be assigned to an efa-only network interface.");
    }
    four.stream().filter(r -> r.slots() > 0).forEach(r -> model.addresses().assignIpv4(draft, id, r));
    six.stream().filter(r -> r.slots() > 0).forEach(r -> model.addresses().assignIpv6(draft, id, r));
    return draft.state().networkInterface(id);
  }

  /** Deletes an interface that is attached to nothing. */
  public void delete(String id) {
    model.change(
        draft -> {
          NetworkInterface gone = ownersOwn(draft.state(), id);
          boolean busy = gone.attachment().isPresent() || draft.state().trunkOf(id).isPresent();
          if (busy || draft.state().branchesOf(id).findAny().isPresent()) {
            throw new Ec2Error("InvalidParameterValue", "Network interface '" + id + "' is currently in use.");
          }
          draft.remove(gone);
          return gone;
        });
  }

  /** Replaces the security groups. */
  public void setGroups(String id, List<String> groups) {
    edit(
        id,
        (state, edit) -> {
          if (groups.isEmpty()) {
            throw new Ec2Error("InvalidParameterValue", "You must specify at least one security group.");
          }
          edit.groups = checkGroups(state, state.networkInterface(id).vpcId(), groups);
        });
  }

  /** Replaces the description. */
  public void setDescription(String id, String description) {
    edit(id, (state, edit) -> edit.description = description);
  }

  /** Turns the check of source and destination on or off. */
  public void setSourceDestCheck(String id, boolean check) {
    edit(id, (state, edit) -> edit.sourceDestCheck = check);
  }

  /** Replaces the times for idle connections. */
  public void setConnectionTracking(String id, ConnectionTracking times) {
    edit(id, (state, edit) -> edit.connectionTracking = times);
  }

  /** Says whether the interface goes with its instance. */
  public void setDeleteOnTermination(String id, String attachmentId, boolean delete) {
    edit(
        id,
        (state, edit) -> {
          Attachment attachment =
              edit.attachment
                  .filter(a -> a.id().equals(attachmentId))
                  .orElseThrow(
                      () ->
                          new Ec2Error(
                              "InvalidAttachmentID.NotFound",
                              "The networkInterface attachment ID '" + attachmentId + "' does not exist"));
          edit.attachment = Optional.of(attachment.withDeleteOnTermination(delete));
        });
  }

  /** The interface, or the refusal that its owner gets when a service of AWS manages it. */
  static NetworkInterface ownersOwn(VpcState state, String id) {
    NetworkInterface found = state.networkInterface(id);
    if (found.requesterManaged()) {
      throw new Ec2Error(403, "AuthFailure", "You do not have permission to access the specified resource.");
    }
    return found;
  }

  int ipv4Limit(VpcState state, NetworkInterface each) {
    return type(state, each).map(InstanceType::ipv4PerInterface).orElse(UNATTACHED_LIMIT);
  }

  int ipv6Limit(VpcState state, NetworkInterface each) {
    return type(state, each).map(InstanceType::ipv6PerInterface).orElse(UNATTACHED_LIMIT);
  }

  static Optional<InstanceType> type(VpcState state, NetworkInterface each) {
    return each.attachment().map(a -> state.instance(a.instanceId()).type());
  }

  private void edit(String id, BiConsumer<VpcState, NetworkInterface.Edit> change) {
    model.change(
        draft -> {
          NetworkInterface.Edit edit = ownersOwn(draft.state(), id).edit();
          change.accept(draft.state(), edit);
          draft.put(edit.done());
          return id;
        });
  }

  private List<String> checkGroups(VpcState state, String vpcId, List<String> groups) {
    List<String> distinct = List.copyOf(new LinkedHashSet<>(groups));
    if (distinct.size() > model.behaviour().quotas().groupsPerInterface()) {
      throw new Ec2Error(
          "SecurityGroupsPerInterfaceLimitExceeded",
          "The maximum number of security groups per interface has been reached.");
    }
    for (String group : distinct) {
      if (!state.group(group).vpcId().equals(vpcId)) {
        throw new Ec2Error(
            "InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
      }
    }
    return distinct;
  }

  private Ip primary(SubnetSpace space, Subnet subnet, InterfaceRequest request) {
    if (request.primary().isEmpty()) {
      // Not one of those asked for as secondaries: they would be found in use a moment later.
      SubnetSpace rest = space;
      request.secondaries().stream().filter(subnet.cidr()::contains).forEach(rest::take);
      return rest.takeAddresses(1, model.behaviour().placement(), model.ids().random()).getFirst();
    }
    Ip wanted = request.primary().get();
    AddressOperations.checkInSubnet(subnet, wanted);
    if (!space.isFree(wanted)) {
      throw new Ec2Error("InvalidIPAddress.InUse", "Address " + wanted + " is in use.");
    }
    return wanted;
  }
}
