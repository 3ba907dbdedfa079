package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.Instance;
import dev.patchbay.lab.vpc.MetadataOptions;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsResponse;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.ModifyInstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.ModifyInstanceMetadataOptionsResponse;
import software.amazon.awssdk.services.ec2.model.StartInstancesRequest;
import software.amazon.awssdk.services.ec2.model.StartInstancesResponse;
import software.amazon.awssdk.services.ec2.model.StopInstancesRequest;
import software.amazon.awssdk.services.ec2.model.StopInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

/** Actions on the lives of instances. The lab alone launches them. */
final class LaunchActions {
  private static final int SHUTTING_DOWN = 32;
  private static final int STOPPING = 64;
  private static final int PENDING = 0;

  private final VpcModel model;

  LaunchActions(VpcModel model) {
    this.model = model;
  }

  void register(Actions actions) {
    actions.change("StartInstances", StartInstancesRequest::builder, this::start);
    actions.change("StopInstances", StopInstancesRequest::builder, this::stop);
    actions.change("TerminateInstances", TerminateInstancesRequest::builder, this::terminate);
    actions.change(
        "ModifyInstanceMetadataOptions",
        ModifyInstanceMetadataOptionsRequest::builder,
        this::metadata,
        "InstanceId");
  }

  private StartInstancesResponse start(StartInstancesRequest request) {
    return StartInstancesResponse.builder()
        .startingInstances(
            change(request.instanceIds(), Set.of(Instance.State.STOPPED), PENDING, "pending", model.instances()::start))
        .build();
  }

  private StopInstancesResponse stop(StopInstancesRequest request) {
    Actions.notModelled(Boolean.TRUE.equals(request.hibernate()) ? request.hibernate() : null, "hibernate");
    return StopInstancesResponse.builder()
        .stoppingInstances(
            change(request.instanceIds(), Set.of(Instance.State.RUNNING), STOPPING, "stopping", model.instances()::stop))
        .build();
  }

  private TerminateInstancesResponse terminate(TerminateInstancesRequest request) {
    Set<Instance.State> living = Set.of(Instance.State.RUNNING, Instance.State.STOPPED);
    return TerminateInstancesResponse.builder()
        .terminatingInstances(
            change(request.instanceIds(), living, SHUTTING_DOWN, "shutting-down", model.instances()::terminate))
        .build();
  }

  /** Changes those that are in one of these states; the others are there already, or are past it, which is refused. */
  private List<InstanceStateChange> change(
      List<String> ids, Set<Instance.State> from, int code, String name, Consumer<Set<String>> change) {
    if (ids.isEmpty()) {
      throw new Ec2Error("InvalidParameterCombination", "No instances specified");
    }
    VpcState before = model.state();
    for (String id : ids) {
      boolean gone = before.instance(id).state() == Instance.State.TERMINATED;
      if (gone && !name.equals("shutting-down")) {
        throw new Ec2Error(
            "IncorrectInstanceState", "This instance '" + id + "' is not in a state from which it can be started or stopped.");
      }
    }
    // All at once, so that none is changed if one can't be.
    change.accept(
        ids.stream().filter(id -> from.contains(before.instance(id).state())).collect(Collectors.toSet()));
    return ids.stream()
        .distinct()
        .map(
            id -> {
              Instance was = before.instance(id);
              boolean changes = from.contains(was.state());
              return InstanceStateChange.builder()
                  .instanceId(id)
                  .previousState(s -> s.code(InstanceActions.stateCode(was)).name(InstanceActions.stateName(was)))
                  .currentState(
                      s ->
                          s.code(changes ? code : InstanceActions.stateCode(was))
                              .name(changes ? name : InstanceActions.stateName(was)))
                  .build();
            })
        .toList();
  }

  private ModifyInstanceMetadataOptionsResponse metadata(ModifyInstanceMetadataOptionsRequest request) {
    if (request.instanceMetadataTags() != null && request.instanceMetadataTagsAsString().equals("enabled")) {
      throw new Ec2Error("UnsupportedOperation", "The lab does not model tags in instance metadata.");
    }
    if (!either(request.httpProtocolIpv6AsString(), "enabled", "disabled", true, "httpProtocolIpv6")) {
      throw new Ec2Error("UnsupportedOperation", "The lab's metadata service always answers at its IPv6 address, too.");
    }
    Instance instance = model.state().instance(request.instanceId());
    MetadataOptions old = instance.metadata();
    MetadataOptions changed =
        new MetadataOptions(
            either(request.httpEndpointAsString(), "enabled", "disabled", old.enabled(), "httpEndpoint"),
            either(request.httpTokensAsString(), "required", "optional", old.tokenRequired(), "httpTokens"),
            request.httpPutResponseHopLimit() == null ? old.hopLimit() : request.httpPutResponseHopLimit());
    model.instances().setMetadata(instance.id(), changed);
    return ModifyInstanceMetadataOptionsResponse.builder()
        .instanceId(instance.id())
        .instanceMetadataOptions(options(changed).toBuilder().state("pending").build())
        .build();
  }

  private static boolean either(@Nullable String given, String yes, String no, boolean old, String name) {
    if (given == null) {
      return old;
    }
    if (!given.equals(yes) && !given.equals(no)) {
      throw new Ec2Error("InvalidParameterValue", "Value (" + given + ") for parameter " + name + " is invalid.");
    }
    return given.equals(yes);
  }

  static InstanceMetadataOptionsResponse options(MetadataOptions options) {
    return InstanceMetadataOptionsResponse.builder()
        .state("applied")
        .httpEndpoint(options.enabled() ? "enabled" : "disabled")
        .httpTokens(options.tokenRequired() ? "required" : "optional")
        .httpPutResponseHopLimit(options.hopLimit())
        .httpProtocolIpv6("enabled")
        .instanceMetadataTags("disabled")
        .build();
  }
}
