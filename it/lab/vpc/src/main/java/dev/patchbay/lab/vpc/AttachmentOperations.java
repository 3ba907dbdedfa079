package dev.patchbay.lab.vpc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Attaches interfaces to instances and detaches them. */
public final class AttachmentOperations {
  /** A time that never ends. */
  public static final Duration NEVER = ChronoUnit.FOREVER.getDuration();

  private final VpcModel model;

  AttachmentOperations(VpcModel model) {
    this.model = model;
  }

  /** Attaches an interface; it is not deleted with the instance until that is asked for. */
  public Attachment attach(String interfaceId, String instanceId, int deviceIndex, int networkCard) {
    return attach(interfaceId, instanceId, deviceIndex, networkCard, Optional.empty());
  }

  /**
   * Attaches an interface.
   *
   * @param time how long it is attaching; empty: as long as the model's behaviour says; {@link #NEVER}: for good
   */
  public Attachment attach(
      String interfaceId, String instanceId, int deviceIndex, int networkCard, Optional<Duration> time) {
    return model.change(
        draft -> {
          InterfaceOperations.ownersOwn(draft.state(), interfaceId);
          Duration delay = time.orElseGet(() -> model.behaviour().attachDelay());
          return attach(draft, interfaceId, instanceId, deviceIndex, networkCard, delay, false);
        });
  }

  /**
   * Detaches an interface.
   *
   * @param force without the delay, as when an instance has failed
   */
  public void detach(String attachmentId, boolean force) {
    detach(attachmentId, force, Optional.empty());
  }

  /**
   * Detaches an interface.
   *
   * @param force without the delay, as when an instance has failed
   * @param time how long it is detaching; empty: as long as the model's behaviour says; {@link #NEVER}: for good
   */
  public void detach(String attachmentId, boolean force, Optional<Duration> time) {
    model.change(
        draft -> {
          NetworkInterface attached = draft.state().attached(attachmentId);
          InterfaceOperations.ownersOwn(draft.state(), attached.id());
          Attachment attachment = attached.attachment().orElseThrow();
          if (attachment.primary()) {
            throw new Ec2Error(
                "OperationNotPermitted",
                "The network interface at device index 0 and networkCard index 0 cannot be detached.");
          }
          if (attachment.status() == Attachment.Status.DETACHING && !force) {
            throw new Ec2Error("IncorrectState", "Interface attachment '" + attachmentId + "' is not in state 'attached'.");
          }
          Duration delay = force ? Duration.ZERO : time.orElseGet(() -> model.behaviour().detachDelay());
          if (delay.isZero()) {
            detach(draft, attached);
          } else {
            NetworkInterface.Edit edit = attached.edit();
            edit.attachment = Optional.of(attachment.with(Attachment.Status.DETACHING, end(draft.now(), delay)));
            draft.put(edit.done());
          }
          return attached;
        });
  }

  Attachment attach(
      Draft draft,
      String interfaceId,
      String instanceId,
      int deviceIndex,
      int networkCard,
      Duration delay,
      boolean deleteOnTermination) {
    VpcState state = draft.state();
    NetworkInterface loose = state.networkInterface(interfaceId);
    Instance instance = state.instance(instanceId);
    if (loose.attachment().isPresent() || state.trunkOf(interfaceId).isPresent()) {
      throw new Ec2Error("InvalidNetworkInterface.InUse", "Interface: [" + interfaceId + "] in use.");
    }
    if (instance.state() == Instance.State.TERMINATED) {
      throw new Ec2Error("IncorrectInstanceState", "Instance '" + instanceId + "' is not 'running' or 'stopped'.");
    }
    if (!loose.zone().equals(instance.zone())) {
      throw new Ec2Error(
          "InvalidParameterCombination",
          "You may not attach a network interface to an instance if they are not in the same availability zone");
    }
    InstanceType type = instance.type();
    if (networkCard < 0 || networkCard >= type.interfacesPerCard().size()) {
      throw new Ec2Error(
          "InvalidParameterValue", "Network card index " + networkCard + " exceeds the limit for " + type.name() + ".");
    }
    List<Attachment> others = state.interfacesOf(instanceId).stream().flatMap(i -> i.attachment().stream()).toList();
    if (others.stream().anyMatch(a -> a.networkCard() == networkCard && a.deviceIndex() == deviceIndex)) {
      throw new Ec2Error(
          "InvalidParameterValue",
          "Instance '" + instanceId + "' already has an interface attached at device index '" + deviceIndex + "'.");
    }
    long onCard = others.stream().filter(a -> a.networkCard() == networkCard).count();
    if (onCard >= type.interfacesPerCard().get(networkCard)) {
      throw new Ec2Error(
          "AttachmentLimitExceeded", "Interface count " + (others.size() + 1) + " exceeds the limit for " + type.name());
    }
    if (loose.ipv4Slots() > type.ipv4PerInterface() || loose.ipv6Slots() > type.ipv6PerInterface()) {
      throw new Ec2Error("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
    }
    boolean prefixed = !loose.ipv4Prefixes().isEmpty() || !loose.ipv6Prefixes().isEmpty();
    if ((prefixed && !type.prefixes())
        || (loose.kind() == NetworkInterface.Kind.TRUNK && type.branchInterfaces().isEmpty())) {
      throw new Ec2Error(
          "InvalidParameterCombination",
          "The network interface '" + interfaceId + "' is not supported on instance type '" + type.name() + "'.");
    }
    boolean now = delay.isZero();
    Attachment attachment =
        new Attachment(
            model.ids().next("eni-attach-"),
            instanceId,
            deviceIndex,
            networkCard,
            now ? Attachment.Status.ATTACHED : Attachment.Status.ATTACHING,
            draft.now(),
            end(draft.now(), delay),
            deleteOnTermination);
    NetworkInterface.Edit edit = loose.edit();
    edit.attachment = Optional.of(attachment);
    draft.put(edit.done());
    return attachment;
  }

  /** Takes an interface off its instance at once; branches of a trunk stay associated, as they do in EC2. */
  static void detach(Draft draft, NetworkInterface attached) {
    NetworkInterface.Edit edit = attached.edit();
    edit.attachment = Optional.empty();
    draft.put(edit.done());
  }

  void settle(Instant now) {
    model.change(
        draft -> {
          for (NetworkInterface each : draft.state().interfaces().values()) {
            each.attachment().filter(a -> !a.settles().isAfter(now)).ifPresent(a -> settle(draft, each, a));
          }
          return now;
        });
  }

  private static void settle(Draft draft, NetworkInterface each, Attachment attachment) {
    switch (attachment.status()) {
      case ATTACHING -> {
        NetworkInterface.Edit edit = each.edit();
        edit.attachment = Optional.of(attachment.with(Attachment.Status.ATTACHED, attachment.settles()));
        draft.put(edit.done());
      }
      case DETACHING -> detach(draft, each);
      case ATTACHED -> {}
    }
  }

  private static Instant end(Instant now, Duration delay) {
    return delay.compareTo(Duration.between(now, Instant.MAX)) >= 0 ? Instant.MAX : now.plus(delay);
  }
}
