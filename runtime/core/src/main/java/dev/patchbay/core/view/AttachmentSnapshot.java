package dev.patchbay.core.view;

import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.PodView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An attachment at one moment, as modes see it. Immutable.
 *
 * @param node the node
 * @param pod the pod
 * @param containerId the sandbox's id
 * @param interfaceName the interface's name in the pod
 * @param hostInterfaceName the device's name on the node
 * @param capabilities what was asked for by capability
 * @param arguments the arguments of {@code CNI_ARGS}
 * @param request what an extra asked for
 * @param addresses the addresses held
 * @param earlier the attachments of the pod that came before
 * @param outcomes the outcomes of acts
 */
public record AttachmentSnapshot(NodeView node, PodView pod, String containerId, String interfaceName,
    String hostInterfaceName, Fields capabilities, Map<String, String> arguments, Fields request,
    List<HeldAddressView> addresses, List<AttachmentView> earlier, Map<String, Fields> outcomes) implements AttachmentView {
  /**
   * Copies the collections.
   */
  public AttachmentSnapshot {
    arguments = Map.copyOf(arguments);
    addresses = List.copyOf(addresses);
    earlier = List.copyOf(earlier);
    outcomes = Map.copyOf(outcomes);
  }

  @Override
  public Fields outcome(String act) {
    return outcomes.getOrDefault(act, Fields.empty());
  }

  /**
   * {@return this attachment with addresses}
   * @param held the addresses
   */
  public AttachmentSnapshot holding(List<HeldAddress> held) {
    return new AttachmentSnapshot(node, pod, containerId, interfaceName, hostInterfaceName, capabilities, arguments, request,
        held.stream().map(h -> (HeldAddressView) new Held(node, h)).toList(), earlier, outcomes);
  }

  /**
   * {@return this attachment with outcomes of acts}
   * @param done the outcomes by the acts' ids
   */
  public AttachmentSnapshot after(Map<String, Fields> done) {
    return new AttachmentSnapshot(node, pod, containerId, interfaceName, hostInterfaceName, capabilities, arguments, request,
        addresses, earlier, done);
  }

  /**
   * A pod, as the container runtime named it.
   *
   * @param namespace its namespace
   * @param name its name
   * @param uid its uid
   * @param object its object
   */
  public record Pod(String namespace, String name, String uid, Optional<ObjectView> object) implements PodView {}

  private record Held(NodeView node, HeldAddress held) implements HeldAddressView {
    @Override
    public IpAddress address() {
      return held.address();
    }

    @Override
    public Optional<EniView> eni() {
      return held.eniId().flatMap(node::eni);
    }

    @Override
    public String lane() {
      return held.lane();
    }

    @Override
    public AddressRequest request() {
      return held.request();
    }
  }
}
