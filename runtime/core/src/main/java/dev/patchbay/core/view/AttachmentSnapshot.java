package dev.patchbay.core.view;

import dev.patchbay.core.ledger.HeldAddress;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
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
public record AttachmentSnapshot(NodeSnapshot node, PodView pod, String containerId, String interfaceName,
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

  /** Among the outcomes: what the runtime itself made. No act of a mode has this id. */
  public static final String MADE = ":made";

  @Override
  public Optional<MacAddress> mac() {
    return outcome(MADE).text("mac").map(MacAddress::of);
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
   * {@return this attachment as the mode sees it that asked for some of its addresses: with these}
   * @param mode the mode's id
   */
  public AttachmentSnapshot of(String mode) {
    List<HeldAddressView> own = addresses.stream().filter(a -> a instanceof Held h && h.held.mode().equals(mode)).toList();
    return own.size() == addresses.size() ? this : new AttachmentSnapshot(node, pod, containerId, interfaceName, hostInterfaceName,
        capabilities, arguments, request, own, earlier, outcomes);
  }

  /**
   * {@return this attachment as a mode sees it that reads only some kinds of objects}
   * @param kinds the kinds
   */
  public AttachmentSnapshot seenBy(List<ObjectKind> kinds) {
    return new AttachmentSnapshot(node.seenBy(kinds), pod, containerId, interfaceName, hostInterfaceName, capabilities, arguments,
        request, addresses, earlier, outcomes);
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
