package dev.patchbay.tck.view;

import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.EniView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An interface of the instance.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestEni implements EniView {
  private final int number;
  private TestSubnet subnet;
  private String type = "interface";
  private boolean primary;
  private int deviceIndex;
  private int networkCard;
  private List<String> groups = List.of("sg-00000000000000001");
  private List<Cidr> prefixes = List.of();
  private Map<String, String> tags = Map.of();
  private @Nullable String lane;
  private @Nullable String id;
  private List<String> devices = List.of();

  private TestEni(int number, TestSubnet subnet) {
    this.number = number;
    this.subnet = subnet;
  }

  private TestEni copy() {
    TestEni copy = new TestEni(number, subnet);
    copy.type = type;
    copy.primary = primary;
    copy.deviceIndex = deviceIndex;
    copy.networkCard = networkCard;
    copy.groups = groups;
    copy.prefixes = prefixes;
    copy.tags = tags;
    copy.lane = lane;
    copy.id = id;
    copy.devices = devices;
    return copy;
  }

  /**
   * An interface that belongs to no lane yet. Its id, hardware address, device index and own addresses follow from its number.
   *
   * @param number its number, 0 to 200
   * @param subnet its subnet
   * @return the interface
   */
  public static TestEni numbered(int number, TestSubnet subnet) {
    TestEni eni = new TestEni(number, subnet);
    eni.deviceIndex = number;
    return eni;
  }

  /**
   * {@return this interface under another id}
   * @param id the id
   */
  public TestEni withId(String id) {
    TestEni copy = copy();
    copy.id = id;
    return copy;
  }

  /**
   * {@return this interface with devices on the node}
   * @param names their names
   */
  public TestEni withDevices(String... names) {
    TestEni copy = copy();
    copy.devices = List.of(names);
    return copy;
  }

  /**
   * {@return this interface as the instance's primary}
   */
  public TestEni asPrimary() {
    TestEni copy = copy();
    copy.primary = true;
    copy.deviceIndex = 0;
    return copy;
  }

  /**
   * {@return this interface in a lane}
   * @param lane the lane's name
   */
  public TestEni inLane(String lane) {
    TestEni copy = copy();
    copy.lane = lane;
    return copy;
  }

  /**
   * {@return this interface with another of EC2's types}
   * @param type the type
   */
  public TestEni withType(String type) {
    TestEni copy = copy();
    copy.type = type;
    return copy;
  }

  /**
   * {@return this interface on another network card}
   * @param card the card's index
   */
  public TestEni withNetworkCard(int card) {
    TestEni copy = copy();
    copy.networkCard = card;
    return copy;
  }

  /**
   * {@return this interface with other security groups}
   * @param groups their ids
   */
  public TestEni withGroups(String... groups) {
    TestEni copy = copy();
    copy.groups = List.of(groups);
    return copy;
  }

  /**
   * {@return this interface with one more prefix}
   * @param prefix the prefix
   */
  public TestEni withPrefix(Cidr prefix) {
    TestEni copy = copy();
    List<Cidr> all = new ArrayList<>(prefixes);
    all.add(prefix);
    copy.prefixes = List.copyOf(all);
    return copy;
  }

  /**
   * {@return this interface with tags}
   * @param tags the tags
   */
  public TestEni withTags(Map<String, String> tags) {
    TestEni copy = copy();
    copy.tags = Map.copyOf(tags);
    return copy;
  }

  @Override
  public String id() {
    return id == null ? String.format("eni-%017x", number) : id;
  }

  @Override
  public MacAddress mac() {
    return new MacAddress(0x0200_0000_0000L + number);
  }

  @Override
  public boolean primary() {
    return primary;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public int deviceIndex() {
    return deviceIndex;
  }

  @Override
  public int networkCard() {
    return networkCard;
  }

  @Override
  public TestSubnet subnet() {
    return subnet;
  }

  @Override
  public List<String> devices() {
    return devices;
  }

  @Override
  public List<String> groups() {
    return groups;
  }

  @Override
  public Optional<IpAddress> primaryAddress(AddressFamily family) {
    if (type.equals("efa-only")) {
      return Optional.empty();
    }
    return subnet.cidrs(family).stream().findFirst().map(c -> c.at(10 + number));
  }

  @Override
  public List<Cidr> prefixes(AddressFamily family) {
    return prefixes.stream().filter(p -> p.family() == family).toList();
  }

  @Override
  public Map<String, String> tags() {
    return tags;
  }

  @Override
  public Optional<String> lane() {
    return Optional.ofNullable(lane);
  }

  @Override
  public String toString() {
    return id();
  }
}
