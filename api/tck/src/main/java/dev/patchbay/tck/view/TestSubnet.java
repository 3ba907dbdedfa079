package dev.patchbay.tck.view;

import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.SubnetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * A subnet.
 *
 * @param id its id
 * @param zone its availability zone
 * @param cidrs its networks of both families
 * @param tags its tags
 * @param free its free IPv4 addresses
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestSubnet(String id, String zone, List<Cidr> cidrs, Map<String, String> tags, OptionalInt free)
    implements SubnetView {
  private static final IpAddress GATEWAY_6 = IpAddress.of("fe80:ec2::1");

  /**
   * Copies the collections.
   */
  public TestSubnet {
    cidrs = List.copyOf(cidrs);
    tags = Map.copyOf(tags);
  }

  /**
   * {@return a subnet 10.0.N.0/24 and 2001:db8:0:N::/64 in the zone of {@link TestNode#create()}}
   * @param n its number, 0 to 99
   */
  public static TestSubnet numbered(int n) {
    return new TestSubnet(String.format("subnet-%017x", n), "eu-central-1a",
        List.of(Cidr.of("10.0." + n + ".0/24"), Cidr.of("2001:db8:0:" + n + "::/64")), Map.of(), OptionalInt.of(200));
  }

  /**
   * {@return this subnet under another id}
   * @param id the id
   */
  public TestSubnet withId(String id) {
    return new TestSubnet(id, zone, cidrs, tags, free);
  }

  /**
   * {@return this subnet with other networks}
   * @param cidrs the networks
   */
  public TestSubnet withCidrs(Cidr... cidrs) {
    return new TestSubnet(id, zone, List.of(cidrs), tags, free);
  }

  /**
   * {@return this subnet with other tags}
   * @param tags the tags
   */
  public TestSubnet withTags(Map<String, String> tags) {
    return new TestSubnet(id, zone, cidrs, tags, free);
  }

  @Override
  public List<Cidr> cidrs(AddressFamily family) {
    return cidrs.stream().filter(c -> c.family() == family).toList();
  }

  @Override
  public Optional<IpAddress> gateway(AddressFamily family) {
    return cidrs(family).stream().findFirst().map(c -> family == AddressFamily.IPV6 ? GATEWAY_6 : c.at(1));
  }
}
