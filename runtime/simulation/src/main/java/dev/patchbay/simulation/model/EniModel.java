package dev.patchbay.simulation.model;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An interface as it is, and as it was a while ago: descriptions lag behind. */
final class EniModel {
  /** Nothing lags longer. */
  static final long LONGEST_LAG_MILLIS = 90_000;

  private record Version(long since, @Nullable EniRecord record) {}

  final String id;
  final MacAddress mac;
  final String type;
  final SubnetModel subnet;
  final String subnetId;
  final IpAddress primary;
  Map<String, String> tags;
  final String description;
  final List<IpAddress> addresses = new ArrayList<>();
  final List<Cidr> prefixes = new ArrayList<>();
  /** What somebody put on by hand. */
  final Set<Cidr> byHand = new HashSet<>();
  List<String> groups;
  Optional<EniRecord.Attachment> attachment = Optional.empty();
  String status = "available";
  long detachedAt = Long.MAX_VALUE;
  boolean deleted;
  long madeAt = Long.MIN_VALUE / 2;
  private final Deque<Version> versions = new ArrayDeque<>();

  EniModel(String id, MacAddress mac, String type, String subnetId, SubnetModel subnet, IpAddress primary, List<String> groups,
      Map<String, String> tags, String description) {
    this.id = id;
    this.mac = mac;
    this.type = type;
    this.subnetId = subnetId;
    this.subnet = subnet;
    this.primary = primary;
    this.groups = groups;
    this.tags = tags;
    this.description = description;
  }

  boolean has(Cidr unit) {
    return unit.size() == 1 && addresses.contains(unit.address()) || prefixes.contains(unit);
  }

  int units(AddressFamily family) {
    int n = 0;
    for (IpAddress a : addresses) {
      n += a.family() == family ? 1 : 0;
    }
    for (Cidr p : prefixes) {
      n += p.family() == family ? 1 : 0;
    }
    return n;
  }

  boolean carries(IpAddress address) {
    return addresses.contains(address) || prefixes.stream().anyMatch(p -> p.contains(address));
  }

  /** It changed. */
  void changed(long now) {
    versions.addLast(new Version(now, deleted ? null
        : new EniRecord(id, mac, type, subnetId, groups, Optional.of(primary), addresses, prefixes, attachment, tags, description, status)));
    while (versions.size() > 2 && second().since() < now - LONGEST_LAG_MILLIS) {
      versions.removeFirst();
    }
  }

  private Version second() {
    var each = versions.iterator();
    each.next();
    return each.next();
  }

  /** As it is; empty if it is deleted. */
  Optional<EniRecord> now() {
    return Optional.ofNullable(versions.getLast().record());
  }

  /** As it was at a time; empty if it was not there. */
  Optional<EniRecord> at(long time) {
    var each = versions.descendingIterator();
    while (each.hasNext()) {
      Version version = each.next();
      if (version.since() <= time) {
        return Optional.ofNullable(version.record());
      }
    }
    return Optional.empty();
  }
}
