package dev.patchbay.core.view;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Facts as fields for the ledger, and back, so that a restarted node knows itself before anybody answers. */
public final class NodeFactsFields {
  private NodeFactsFields() {}

  /**
   * {@return facts as fields}
   * @param facts the facts
   */
  public static Fields of(NodeFacts facts) {
    NodeIdentity id = facts.identity();
    InstanceTypeRecord t = facts.type();
    return Fields.empty()
        .with("instance", id.instanceId()).with("region", id.region()).with("zone", id.zone()).with("vpc", id.vpcId())
        .with("mac", id.primaryMac().toString())
        .with("type", Fields.empty().with("name", t.name())
            .with("cards", t.interfacesPerCard().stream().map(n -> (long) n).toList()).with("ipv4", t.ipv4PerInterface())
            .with("ipv6", t.ipv6PerInterface()).with("prefixes", t.prefixes()).with("trunking", t.trunking())
            .with("branches", t.branches()).with("vcpus", t.vcpus()))
        .with("enis", facts.enis().stream().map(NodeFactsFields::eni).toList())
        .with("subnets", facts.subnets().stream().map(NodeFactsFields::subnet).toList())
        .with("cidrs", texts(facts.vpcCidrs()));
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private static Fields eni(NodeFacts.Eni eni) {
    EniRecord r = eni.record();
    Fields f = Fields.empty().with("id", r.id()).with("mac", r.mac().toString()).with("type", r.type())
        .with("subnet", r.subnetId()).with("groups", r.groups()).with("addresses", texts(r.addresses()))
        .with("prefixes", texts(r.prefixes())).with("tags", Fields.of(r.tags())).with("description", r.description())
        .with("status", r.status()).with("number", eni.number());
    if (r.primary().isPresent()) {
      f = f.with("primary", r.primary().get().toString());
    }
    if (eni.lane().isPresent()) {
      f = f.with("lane", eni.lane().get());
    }
    if (r.attachment().isPresent()) {
      EniRecord.Attachment a = r.attachment().get();
      f = f.with("attachment", Fields.empty().with("id", a.id()).with("instance", a.instanceId())
          .with("device", a.deviceIndex()).with("card", a.networkCard()).with("terminates", a.deleteOnTermination()));
    }
    return f;
  }

  private static Fields subnet(SubnetRecord s) {
    Fields f = Fields.empty().with("id", s.id()).with("zone", s.zone()).with("cidrs", texts(s.cidrs()))
        .with("tags", Fields.of(s.tags()));
    return s.free().isPresent() ? f.with("free", s.free().getAsInt()) : f;
  }

  /**
   * Reads facts.
   *
   * @param f the fields of {@link #of}
   * @return the facts
   * @throws IllegalArgumentException if they are none
   */
  public static NodeFacts read(Fields f) {
    Fields t = f.fields("type");
    List<Integer> cards = t.values().get("cards") instanceof List<?> list
        ? list.stream().map(n -> Math.toIntExact((Long) n)).toList() : List.of();
    InstanceTypeRecord type = new InstanceTypeRecord(t.required("name"), cards, integer(t, "ipv4"), integer(t, "ipv6"),
        t.isTrue("prefixes"), t.isTrue("trunking"), integer(t, "branches"), integer(t, "vcpus"));
    NodeIdentity identity = new NodeIdentity(f.required("instance"), type.name(), f.required("region"), f.required("zone"),
        f.required("vpc"), MacAddress.of(f.required("mac")));
    return new NodeFacts(identity, type, f.list("enis").stream().map(NodeFactsFields::readEni).toList(),
        f.list("subnets").stream().map(NodeFactsFields::readSubnet).toList(),
        f.texts("cidrs").stream().map(Cidr::of).toList());
  }

  private static NodeFacts.Eni readEni(Fields f) {
    Fields a = f.fields("attachment");
    return new NodeFacts.Eni(new EniRecord(f.required("id"), MacAddress.of(f.required("mac")), f.required("type"),
        f.required("subnet"), f.texts("groups"), f.text("primary").map(IpAddress::of),
        f.texts("addresses").stream().map(IpAddress::of).toList(), f.texts("prefixes").stream().map(Cidr::of).toList(),
        a.values().isEmpty() ? java.util.Optional.empty()
            : java.util.Optional.of(new EniRecord.Attachment(a.required("id"), a.required("instance"), integer(a, "device"),
                integer(a, "card"), a.isTrue("terminates"))),
        tags(f.fields("tags")), f.required("description"), f.required("status")), integer(f, "number"), f.text("lane"));
  }

  private static SubnetRecord readSubnet(Fields f) {
    return new SubnetRecord(f.required("id"), f.required("zone"), f.texts("cidrs").stream().map(Cidr::of).toList(),
        f.number("free").isPresent() ? OptionalInt.of(integer(f, "free")) : OptionalInt.empty(), tags(f.fields("tags")));
  }

  private static Map<String, String> tags(Fields f) {
    Map<String, String> tags = new TreeMap<>();
    f.values().keySet().forEach(key -> tags.put(key, f.text(key).orElse("")));
    return tags;
  }

  private static int integer(Fields f, String name) {
    return Math.toIntExact(f.number(name).orElse(0));
  }
}
