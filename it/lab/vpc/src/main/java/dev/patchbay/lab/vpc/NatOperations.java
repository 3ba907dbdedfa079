package dev.patchbay.lab.vpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps elastic addresses, and makes the NAT gateways that use them. */
public final class NatOperations {
  /** Elastic addresses come from here, lowest first (RFC 5737: nobody's on the internet). */
  private static final Cidr POOL = Cidr.parse("192.0.2.0/24");

  private final VpcModel model;

  NatOperations(VpcModel model) {
    this.model = model;
  }

  /** Keeps a public address of EC2's choice. */
  public ElasticAddress allocate(Map<String, String> tags) {
    return model.change(
        draft -> {
          Tags.check(tags);
          for (int step = 1; step < POOL.size() - 1; step++) {
            Ip address = POOL.base().plus(step);
            if (draft.state().elasticAddresses().values().stream().noneMatch(each -> each.address().equals(address))) {
              ElasticAddress made = new ElasticAddress(model.ids().next("eipalloc-"), address, tags);
              draft.put(made);
              return made;
            }
          }
          throw new Ec2Error("AddressLimitExceeded", "The maximum number of addresses has been reached.");
        });
  }

  /** Gives up a public address that nothing uses. */
  public void release(String allocationId) {
    model.change(
        draft -> {
          ElasticAddress gone = draft.state().elasticAddress(allocationId);
          if (userOf(draft.state(), allocationId).isPresent()) {
            throw new Ec2Error(
                "InvalidIPAddress.InUse", "Address " + gone.address() + " is in use by a NAT gateway.");
          }
          draft.remove(gone);
          return allocationId;
        });
  }

  /** The NAT gateway that has an elastic address. */
  public static Optional<NatGateway> userOf(VpcState state, String allocationId) {
    return state.natGateways().filter(each -> each.available() && each.allocationId().equals(allocationId)).findFirst();
  }

  /**
   * Makes a public NAT gateway, with its interface.
   *
   * @param wanted its address in the subnet, if it must be this one
   * @param clientToken makes the request idempotent; may be empty
   */
  public NatGateway create(
      String subnetId, String allocationId, Optional<Ip> wanted, Map<String, String> tags, String clientToken) {
    String id =
        model.once(
            "nat",
            clientToken,
            subnetId + " " + allocationId + " " + wanted + " " + tags,
            draft -> create(draft, subnetId, allocationId, wanted, tags).id());
    return model.state().natGateway(id);
  }

  /** Deletes a NAT gateway: its interface goes, its elastic address is free, routes to it stay and lead nowhere. */
  public void delete(String gatewayId) {
    model.change(
        draft -> {
          NatGateway gateway = draft.state().natGateway(gatewayId);
          if (gateway.available()) {
            draft.remove(draft.state().networkInterface(gateway.interfaceId()));
            draft.put(gateway.withDeleted(draft.now()));
          }
          return gatewayId;
        });
  }

  private NatGateway create(
      Draft draft, String subnetId, String allocationId, Optional<Ip> wanted, Map<String, String> tags) {
    VpcState state = draft.state();
    Subnet subnet = state.subnet(subnetId);
    ElasticAddress elastic = state.elasticAddress(allocationId);
    Tags.check(tags);
    if (userOf(state, allocationId).isPresent()) {
      throw new Ec2Error(
          "Resource.AlreadyAssociated", "Elastic IP address [" + allocationId + "] is already associated");
    }
    if (GatewayOperations.attached(state, subnet.vpcId()).isEmpty()) {
      throw new Ec2Error("Gateway.NotAttached", "Network " + subnet.vpcId() + " has no Internet gateway attached");
    }
    SubnetSpace space = SubnetSpace.of(state, subnet);
    wanted.ifPresent(
        address -> {
          AddressOperations.checkInSubnet(subnet, address);
          if (!space.isFree(address)) {
            throw new Ec2Error("InvalidIPAddress.InUse", "Address " + address + " is in use.");
          }
        });
    Ip address =
        wanted.orElseGet(
            () -> space.takeAddresses(1, model.behaviour().placement(), model.ids().random()).getFirst());
    String id = model.ids().next("nat-");
    NetworkInterface its =
        new NetworkInterface(
            model.ids().next("eni-"),
            NetworkInterface.Kind.NAT_GATEWAY,
            subnet.vpcId(),
            subnet.id(),
            subnet.zone(),
            "Interface for NAT Gateway " + id,
            true,
            model.ids().mac(),
            Optional.of(address),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Optional.of(elastic.address()),
            List.of(),
            false,
            ConnectionTracking.DEFAULT,
            Optional.empty(),
            Map.of());
    draft.put(its);
    NatGateway made =
        new NatGateway(
            id,
            subnet.vpcId(),
            subnetId,
            allocationId,
            elastic.address(),
            its.id(),
            address,
            draft.now(),
            Optional.empty(),
            tags);
    draft.put(made);
    return made;
  }
}
