package dev.patchbay.aws;

import dev.patchbay.core.cloud.CloudException;
import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceMetadata;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the instance's metadata says of the instance, its interfaces and their surroundings. An interface that comes or goes while it
 * is being read, so that a part is missing, is left out. For any number of threads.
 *
 * <p>Source of the paths: EC2 user guide, "Instance metadata categories".
 */
final class MetadataReader {
  private static final String MACS = "network/interfaces/macs/";

  private final MetadataService service;
  /** What never changes while the instance lives. */
  private volatile @Nullable NodeIdentity identity;

  MetadataReader(MetadataService service) {
    this.service = service;
  }

  /**
   * {@return the region}
   */
  String region() {
    NodeIdentity known = identity;
    return known == null ? service.get("placement/region") : known.region();
  }

  /**
   * Reads everything; the primary interface comes first, the others by network card and device index.
   *
   * @return what it says
   * @throws CloudException if it can't be read
   */
  InstanceMetadata read() {
    NodeIdentity node = identity();
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String line : lines(service.get(MACS))) {
      String mac = line.endsWith("/") ? line.substring(0, line.length() - 1) : line;
      entry(mac, node).ifPresent(e -> entries.put(mac, e));
    }
    Entry primary = entries.get(node.primaryMac().toString());
    if (primary == null) {
      throw new CloudException("instance metadata does not show the primary interface " + node.primaryMac() + " completely",
          new IOException("it shows " + entries.keySet()));
    }
    List<EniRecord> enis = entries.values().stream().map(Entry::eni).sorted(Comparator
        .comparing((EniRecord e) -> !e.mac().equals(node.primaryMac()))
        .thenComparing(e -> e.attachment().orElseThrow().networkCard())
        .thenComparing(e -> e.attachment().orElseThrow().deviceIndex())).toList();
    Map<String, SubnetRecord> subnets = new LinkedHashMap<>();
    Stream.concat(Stream.of(primary), entries.values().stream()).map(Entry::subnet)
        .forEach(s -> subnets.putIfAbsent(s.id(), s));
    String at = MACS + node.primaryMac() + "/";
    List<Cidr> vpc = cidrs(Stream.of("vpc-ipv4-cidr-blocks", "vpc-ipv6-cidr-blocks").flatMap(f -> service.find(at + f).stream()));
    return new InstanceMetadata(node, enis, List.copyOf(subnets.values()), vpc);
  }

  private NodeIdentity identity() {
    NodeIdentity known = identity;
    if (known != null) {
      return known;
    }
    String mac = service.get("mac");
    NodeIdentity read = new NodeIdentity(service.get("instance-id"), service.get("instance-type"),
        service.get("placement/region"), service.get("placement/availability-zone"), service.get(MACS + mac + "/vpc-id"),
        MacAddress.of(mac));
    identity = read;
    return read;
  }

  private record Entry(EniRecord eni, SubnetRecord subnet) {}

  private Optional<Entry> entry(String mac, NodeIdentity node) {
    Optional<String> listing = service.find(MACS + mac + "/");
    if (listing.isEmpty()) {
      return Optional.empty();
    }
    Set<String> listed = new HashSet<>(lines(listing.get()));
    Fields fields = new Fields(service, MACS + mac + "/", listed);
    boolean primary = MacAddress.of(mac).equals(node.primaryMac());
    Optional<String> id = fields.text("interface-id");
    Optional<String> subnetId = fields.text("subnet-id");
    Optional<String> device = fields.text("device-number");
    if (id.isEmpty() || subnetId.isEmpty() || device.isEmpty() && !primary) {
      return Optional.empty();
    }
    List<IpAddress> four = fields.lines("local-ipv4s").map(IpAddress::of).toList();
    List<IpAddress> six = fields.lines("ipv6s").map(IpAddress::of).toList();
    // An interface without any address is one for the fabric adapter alone; IMDS has no field for the type.
    String type = four.isEmpty() && six.isEmpty() ? "efa-only" : "interface";
    int card = fields.text("network-card").map(Integer::valueOf).orElse(0);
    EniRecord.Attachment attachment = new EniRecord.Attachment("", node.instanceId(),
        primary ? 0 : Integer.parseInt(device.orElseThrow()), card, false);
    EniRecord eni = new EniRecord(id.get(), MacAddress.of(mac), type, subnetId.get(),
        fields.lines("security-group-ids").toList(), four.stream().findFirst(),
        Stream.concat(four.stream().skip(1), six.stream()).toList(),
        cidrs(Stream.concat(fields.lines("ipv4-prefix"), fields.lines("ipv6-prefix"))), Optional.of(attachment), Map.of(), "",
        "in-use");
    SubnetRecord subnet = new SubnetRecord(subnetId.get(), primary ? node.zone() : "",
        cidrs(Stream.concat(fields.lines("subnet-ipv4-cidr-block"), fields.lines("subnet-ipv6-cidr-blocks"))),
        OptionalInt.empty(), Map.of());
    return Optional.of(new Entry(eni, subnet));
  }

  /** The fields of one interface; what is not listed is not asked for. */
  private record Fields(MetadataService service, String at, Set<String> listed) {
    Optional<String> text(String field) {
      return listed.contains(field) ? service.find(at + field).filter(t -> !t.isEmpty()) : Optional.empty();
    }

    Stream<String> lines(String field) {
      return text(field).stream().flatMap(t -> MetadataReader.lines(t).stream());
    }
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
  }

  private static List<Cidr> cidrs(Stream<String> texts) {
    List<Cidr> cidrs = new ArrayList<>();
    texts.flatMap(t -> lines(t).stream()).forEach(l -> cidrs.add(Cidr.of(l)));
    return cidrs;
  }
}
