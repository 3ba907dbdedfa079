package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A network interface, as EC2 or IMDS described it at one moment.
 *
 * @param id its id
 * @param mac its hardware address
 * @param type EC2's interface type
 * @param subnetId its subnet
 * @param groups the ids of its security groups
 * @param primary its primary private IPv4 address; empty for an interface without IPv4
 * @param addresses its secondary private IPv4 addresses and its IPv6 addresses
 * @param prefixes its prefixes of both families
 * @param attachment to what it is attached; empty if to nothing
 * @param tags its tags; empty if the witness has none (IMDS)
 * @param description its description; empty if the witness has none
 * @param status EC2's status: {@code available}, {@code attaching}, {@code in-use}, {@code detaching}
 */
public record EniRecord(String id, MacAddress mac, String type, String subnetId, List<String> groups,
    Optional<IpAddress> primary, List<IpAddress> addresses, List<Cidr> prefixes, Optional<Attachment> attachment,
    Map<String, String> tags, String description, String status) {
  /**
   * Copies the collections.
   */
  public EniRecord {
    groups = List.copyOf(groups);
    addresses = List.copyOf(addresses);
    prefixes = List.copyOf(prefixes);
    tags = java.util.Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /**
   * {@return the secondary addresses and prefixes of a family, each as a network: what pods could be given}
   * @param family the family
   */
  public List<Cidr> units(AddressFamily family) {
    List<Cidr> units = new ArrayList<>(addresses.size() + prefixes.size());
    for (IpAddress address : addresses) {
      if (address.family() == family) {
        units.add(address.asCidr());
      }
    }
    for (Cidr prefix : prefixes) {
      if (prefix.family() == family) {
        units.add(prefix);
      }
    }
    return List.copyOf(units);
  }

  /**
   * {@return how many secondary addresses and prefixes of a family there are}
   * @param family the family
   */
  public int unitCount(AddressFamily family) {
    int count = 0;
    for (IpAddress address : addresses) {
      count += address.family() == family ? 1 : 0;
    }
    for (Cidr prefix : prefixes) {
      count += prefix.family() == family ? 1 : 0;
    }
    return count;
  }

  /**
   * {@return the same with other secondary addresses and prefixes}
   * @param addresses the addresses
   * @param prefixes the prefixes
   */
  public EniRecord withUnits(List<IpAddress> addresses, List<Cidr> prefixes) {
    return new EniRecord(id, mac, type, subnetId, groups, primary, addresses, prefixes, attachment, tags, description, status);
  }

  /**
   * {@return the same with other security groups}
   * @param groups their ids
   */
  public EniRecord withGroups(List<String> groups) {
    return new EniRecord(id, mac, type, subnetId, groups, primary, addresses, prefixes, attachment, tags, description, status);
  }

  /**
   * {@return the same with another attachment}
   * @param to to what it is attached
   * @param status its status
   */
  public EniRecord withAttachment(Attachment to, String status) {
    return new EniRecord(id, mac, type, subnetId, groups, primary, addresses, prefixes, Optional.of(to), tags, description, status);
  }

  /**
   * The attachment of an interface to an instance.
   *
   * @param id the attachment's id; empty if the witness has none (IMDS)
   * @param instanceId the instance
   * @param deviceIndex the index of the device on its network card
   * @param networkCard the index of the network card
   * @param deleteOnTermination whether the interface goes with the instance
   */
  public record Attachment(String id, String instanceId, int deviceIndex, int networkCard, boolean deleteOnTermination) {
    /**
     * {@return the same, but the interface goes with the instance}
     */
    public Attachment goingWithInstance() {
      return new Attachment(id, instanceId, deviceIndex, networkCard, true);
    }
  }
}
