package dev.patchbay.core.view;

import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.view.SubnetView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A subnet as planners see it. Immutable.
 *
 * @param subnet the subnet
 */
public record SubnetSnapshot(SubnetRecord subnet) implements SubnetView {
  @Override
  public String id() {
    return subnet.id();
  }

  @Override
  public String zone() {
    return subnet.zone();
  }

  @Override
  public List<Cidr> cidrs(AddressFamily family) {
    return subnet.cidrs().stream().filter(c -> c.family() == family).toList();
  }

  @Override
  public Optional<IpAddress> gateway(AddressFamily family) {
    return Gateways.of(subnet, family);
  }

  @Override
  public OptionalInt free() {
    return subnet.free();
  }

  @Override
  public Map<String, String> tags() {
    return subnet.tags();
  }
}
