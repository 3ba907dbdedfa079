package dev.patchbay.core.view;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.view.InstanceTypeView;
import java.util.List;

/**
 * An instance type as planners see it. Immutable.
 *
 * @param type the type
 */
public record TypeSnapshot(InstanceTypeRecord type) implements InstanceTypeView {
  @Override
  public String name() {
    return type.name();
  }

  @Override
  public List<Integer> interfacesPerCard() {
    return type.interfacesPerCard();
  }

  @Override
  public int ipv4PerInterface() {
    return type.ipv4PerInterface();
  }

  @Override
  public int ipv6PerInterface() {
    return type.ipv6PerInterface();
  }

  @Override
  public boolean prefixes() {
    return type.prefixes();
  }

  @Override
  public boolean trunking() {
    return type.trunking();
  }

  @Override
  public int branches() {
    return type.branches();
  }

  @Override
  public int vcpus() {
    return type.vcpus();
  }
}
