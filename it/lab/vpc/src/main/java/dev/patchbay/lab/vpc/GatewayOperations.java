package dev.patchbay.lab.vpc;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes internet gateways and egress-only ones. */
public final class GatewayOperations {
  private final VpcModel model;

  GatewayOperations(VpcModel model) {
    this.model = model;
  }

  /** Makes an internet gateway that is attached to no VPC. */
  public InternetGateway create(Map<String, String> tags) {
    return model.change(
        draft -> {
          Tags.check(tags);
          InternetGateway made = new InternetGateway(model.ids().next("igw-"), Optional.empty(), tags);
          draft.put(made);
          return made;
        });
  }

  /** Attaches an internet gateway to a VPC that has none. */
  public void attach(String gatewayId, String vpcId) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          InternetGateway gateway = state.internetGateway(gatewayId);
          state.vpc(vpcId);
          gateway
              .vpcId()
              .ifPresent(
                  other -> {
                    throw new Ec2Error(
                        "Resource.AlreadyAssociated", "resource " + gatewayId + " is already attached to network " + other);
                  });
          if (attached(state, vpcId).isPresent()) {
            throw new Ec2Error(
                "InvalidParameterValue", "Network " + vpcId + " already has an internet gateway attached");
          }
          draft.put(gateway.withVpc(Optional.of(vpcId)));
          return gatewayId;
        });
  }

  /** Detaches an internet gateway from a VPC in which nothing has a public address. */
  public void detach(String gatewayId, String vpcId) {
    model.change(
        draft -> {
          VpcState state = draft.state();
          InternetGateway gateway = state.internetGateway(gatewayId);
          state.vpc(vpcId);
          if (!gateway.vpcId().equals(Optional.of(vpcId))) {
            throw new Ec2Error("Gateway.NotAttached", "resource " + gatewayId + " is not attached to network " + vpcId);
          }
          boolean mapped =
              state.interfaces().values().stream().anyMatch(each -> each.vpcId().equals(vpcId) && each.publicAddress().isPresent());
          if (mapped) {
            throw new Ec2Error(
                "DependencyViolation",
                "Network " + vpcId + " has some mapped public address(es). Please unmap those public address(es) before"
                    + " detaching the gateway.");
          }
          draft.put(gateway.withVpc(Optional.empty()));
          return gatewayId;
        });
  }

  /** Deletes an internet gateway that is attached to nothing; routes to it stay and lead nowhere. */
  public void delete(String gatewayId) {
    model.change(
        draft -> {
          InternetGateway gateway = draft.state().internetGateway(gatewayId);
          if (gateway.vpcId().isPresent()) {
            throw new Ec2Error(
                "DependencyViolation", "The internetGateway '" + gatewayId + "' has dependencies and cannot be deleted.");
          }
          draft.remove(gateway);
          return gatewayId;
        });
  }

  /**
   * Makes an egress-only gateway of a VPC.
   *
   * @param clientToken makes the request idempotent; may be empty
   */
  public EgressOnlyGateway createEgressOnly(String vpcId, Map<String, String> tags, String clientToken) {
    String id =
        model.once(
            "egress-only",
            clientToken,
            vpcId + " " + tags,
            draft -> {
              draft.state().vpc(vpcId);
              Tags.check(tags);
              EgressOnlyGateway made = new EgressOnlyGateway(model.ids().next("eigw-"), vpcId, tags);
              draft.put(made);
              return made.id();
            });
    return model.state().egressOnlyGateway(id);
  }

  /** Deletes an egress-only gateway; routes to it stay and lead nowhere. */
  public void deleteEgressOnly(String gatewayId) {
    model.change(
        draft -> {
          draft.remove(draft.state().egressOnlyGateway(gatewayId));
          return gatewayId;
        });
  }

  static Optional<InternetGateway> attached(VpcState state, String vpcId) {
    return state.gateways().values().stream()
        .flatMap(each -> each instanceof InternetGateway gateway ? Stream.of(gateway) : Stream.empty())
        .filter(each -> each.vpcId().equals(Optional.of(vpcId)))
        .findFirst();
  }
}
