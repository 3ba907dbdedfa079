package dev.patchbay.tck.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.HeldAddressView;
import dev.patchbay.spi.view.NodeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * One interface of one pod.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestAttachment implements AttachmentView {
  private final NodeView node;
  private final TestPod pod;
  private String interfaceName = "eth0";
  private Fields request = Fields.empty();
  private List<HeldAddressView> addresses = List.of();
  private List<AttachmentView> earlier = List.of();
  private Map<String, Fields> outcomes = Map.of();
  private Map<String, String> arguments = Map.of();
  private Optional<MacAddress> mac = Optional.empty();

  private TestAttachment(NodeView node, TestPod pod) {
    this.node = node;
    this.pod = pod;
  }

  private TestAttachment copy() {
    TestAttachment copy = new TestAttachment(node, pod);
    copy.interfaceName = interfaceName;
    copy.request = request;
    copy.addresses = addresses;
    copy.earlier = earlier;
    copy.outcomes = outcomes;
    copy.arguments = arguments;
    copy.mac = mac;
    return copy;
  }

  /**
   * {@return a pod's first attachment, {@code eth0}, without addresses}
   * @param node the node
   * @param pod the pod
   */
  public static TestAttachment of(NodeView node, TestPod pod) {
    return new TestAttachment(node, pod);
  }

  /**
   * {@return this attachment with one more address}
   * @param held the address
   */
  public TestAttachment withAddress(HeldAddressView held) {
    TestAttachment copy = copy();
    List<HeldAddressView> all = new ArrayList<>(addresses);
    all.add(held);
    copy.addresses = List.copyOf(all);
    return copy;
  }

  /**
   * {@return this attachment with one more address, in the role of the pod's own, from the interface's lane}
   * @param address the address
   * @param eni the interface that it lies on
   */
  public TestAttachment withAddress(String address, EniView eni) {
    IpAddress parsed = IpAddress.of(address);
    return withAddress(new TestHeldAddress(parsed, Optional.of(eni), eni.lane().orElse("default"),
        AddressRequest.fromChosenLane(parsed.family())));
  }

  /**
   * {@return a further attachment of the same pod, after this one}
   * @param name the interface's name
   * @param asked the fields by which an extra asked for it
   */
  public TestAttachment next(String name, Fields asked) {
    TestAttachment copy = new TestAttachment(node, pod);
    copy.interfaceName = name;
    copy.request = asked;
    copy.arguments = arguments;
    List<AttachmentView> all = new ArrayList<>(earlier);
    all.add(this);
    copy.earlier = List.copyOf(all);
    return copy;
  }

  /**
   * {@return this attachment with the outcome of an act}
   * @param act the act's id
   * @param outcome its outcome
   */
  public TestAttachment withOutcome(String act, Fields outcome) {
    TestAttachment copy = copy();
    Map<String, Fields> all = new TreeMap<>(outcomes);
    all.put(act, outcome);
    copy.outcomes = all;
    return copy;
  }

  /**
   * {@return this attachment with {@code CNI_ARGS}}
   * @param arguments keys and values
   */
  public TestAttachment withArguments(Map<String, String> arguments) {
    TestAttachment copy = copy();
    copy.arguments = Map.copyOf(arguments);
    return copy;
  }

  /**
   * {@return this attachment with the hardware address of the interface in the pod, which the runtime has made}
   * @param mac the address
   */
  public TestAttachment withMac(MacAddress mac) {
    TestAttachment copy = copy();
    copy.mac = Optional.of(mac);
    return copy;
  }

  @Override
  public Optional<MacAddress> mac() {
    return mac;
  }

  @Override
  public NodeView node() {
    return node;
  }

  @Override
  public TestPod pod() {
    return pod;
  }

  @Override
  public String containerId() {
    return String.format("%016x", (pod.namespace() + "/" + pod.name()).hashCode() & 0xffff_ffffL);
  }

  @Override
  public String interfaceName() {
    return interfaceName;
  }

  @Override
  public String hostInterfaceName() {
    String prefix = node.datapath().text("vethPrefix").orElse("eni");
    int hash = (pod.namespace() + "/" + pod.name() + "/" + interfaceName).hashCode();
    return prefix + String.format("%08x", hash);
  }

  @Override
  public Fields capabilities() {
    return pod.capabilities();
  }

  @Override
  public Map<String, String> arguments() {
    return arguments;
  }

  @Override
  public Fields request() {
    return request;
  }

  @Override
  public List<HeldAddressView> addresses() {
    return addresses;
  }

  @Override
  public List<AttachmentView> earlier() {
    return earlier;
  }

  @Override
  public Fields outcome(String act) {
    return outcomes.getOrDefault(act, Fields.empty());
  }

  @Override
  public String toString() {
    return pod + " " + interfaceName;
  }
}
