package dev.patchbay.lab.vpc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Launches and ends instances. What the lab does, not what a CNI calls. */
public final class InstanceOperations {
  private final VpcModel model;

  InstanceOperations(VpcModel model) {
    this.model = model;
  }

  /**
   * Launches an instance with its primary interface, which goes with it.
   *
   * @param type an instance type of the model's table
   * @param primary the primary interface's subnet, groups and addresses
   * @param publicAddress the public address of the primary interface, if it gets one
   * @param tags the instance's tags
   */
  public Instance launch(String type, InterfaceRequest primary, Optional<Ip> publicAddress, Map<String, String> tags) {
    return model.change(
        draft -> {
          InstanceType known =
              model
                  .settings()
                  .types()
                  .find(type)
                  .orElseThrow(
                      () -> new Ec2Error("InvalidParameterValue", "Invalid value '" + type + "' for InstanceType."));
          Subnet subnet = draft.state().subnet(primary.subnetId());
          String id = model.ids().next("i-");
          draft.put(
              new Instance(
                  id,
                  known,
                  subnet.vpcId(),
                  subnet.id(),
                  subnet.zone(),
                  Instance.State.RUNNING,
                  draft.now(),
                  MetadataOptions.REQUIRED,
                  tags));
          NetworkInterface created = model.interfaces().create(draft, primary);
          model.attachments().attach(draft, created.id(), id, 0, 0, Duration.ZERO, true);
          NetworkInterface.Edit edit = draft.state().networkInterface(created.id()).edit();
          edit.publicAddress = publicAddress;
          draft.put(edit.done());
          return draft.state().instance(id);
        });
  }

  /** Ends an instance: its interfaces go with it where they are marked so, the others are detached. */
  public void terminate(String instanceId) {
    terminate(Set.of(instanceId));
  }

  /** Ends all of these instances, or none. */
  public void terminate(Set<String> instanceIds) {
    model.change(
        draft -> {
          instanceIds.forEach(id -> terminate(draft, id));
          return instanceIds;
        });
  }

  private static void terminate(Draft draft, String instanceId) {
    Instance instance = draft.state().instance(instanceId);
    for (NetworkInterface each : draft.state().interfacesOf(instanceId)) {
      boolean delete = each.attachment().map(Attachment::deleteOnTermination).orElse(false);
      AttachmentOperations.detach(draft, each);
      if (delete) {
        List<TrunkAssociation> branches = draft.state().branchesOf(each.id()).toList();
        branches.forEach(association -> TrunkOperations.dissolve(draft, association));
        draft.remove(draft.state().networkInterface(each.id()));
      }
    }
    draft.put(instance.withState(Instance.State.TERMINATED));
  }

  /** Stops an instance; what is attached stays attached. */
  public void stop(String instanceId) {
    stop(Set.of(instanceId));
  }

  /** Stops all of these instances, or none. */
  public void stop(Set<String> instanceIds) {
    turn(instanceIds, Instance.State.RUNNING, Instance.State.STOPPED);
  }

  /** Starts a stopped instance. */
  public void start(String instanceId) {
    start(Set.of(instanceId));
  }

  /** Starts all of these stopped instances, or none. */
  public void start(Set<String> instanceIds) {
    turn(instanceIds, Instance.State.STOPPED, Instance.State.RUNNING);
  }

  /** Sets up the metadata service of an instance. */
  public void setMetadata(String instanceId, MetadataOptions options) {
    model.change(
        draft -> {
          draft.put(draft.state().instance(instanceId).withMetadata(options));
          return instanceId;
        });
  }

  private void turn(Set<String> instanceIds, Instance.State from, Instance.State to) {
    model.change(
        draft -> {
          for (String id : instanceIds) {
            Instance instance = draft.state().instance(id);
            if (instance.state() != from) {
              throw new Ec2Error("IncorrectInstanceState", "The instance '" + id + "' is not in a valid state.");
            }
            draft.put(instance.withState(to));
          }
          return instanceIds;
        });
  }
}
