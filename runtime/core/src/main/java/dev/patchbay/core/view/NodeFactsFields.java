package dev.patchbay.core.view;

import dev.patchbay.core.cloud.EniRecord;
import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.core.cloud.NodeIdentity;
import dev.patchbay.core.cloud.SubnetRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
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
    Map<String, Object> f = new HashMap<>();
    f.put("instance", id.instanceId());
    f.put("region", id.region());
    f.put("zone", id.zone());
    f.put("vpc", id.vpcId());
    f.put("mac", id.primaryMac().toString());
    f.put("type", Fields.empty().with("name", t.name()).with("cards", t.interfacesPerCard()).with("ipv4", t.ipv4PerInterface())
        .with("ipv6", t.ipv6PerInterface()).with("prefixes", t.prefixes()).with("trunking", t.trunking()).with("branches", t.branches())
        .with("vcpus", t.vcpus()));
    f.put("enis", facts.enis().stream().map(NodeFactsFields::eni).toList());
    f.put("subnets", facts.subnets().stream().map(NodeFactsFields::subnet).toList());
    f.put("cidrs", texts(facts.vpcCidrs()));
    return Fields.of(f);
  }

  private static List<String> texts(List<?> values) {
    List<String> texts = new ArrayList<>(values.size());
    values.forEach(v -> texts.add(v.toString()));
    return texts;
  }

  private static Fields eni(NodeFacts.Eni eni) {
    EniRecord r = eni.record();
    Map<String, Object> f = new HashMap<>();
    f.put("id", r.id());
    f.put("mac", r.mac().toString());
    f.put("type", r.type());
    f.put("subnet", r.subnetId());
    f.put("groups", r.groups());
    f.put("addresses", texts(r.addresses()));
    f.put("prefixes", texts(r.prefixes()));
    f.put("tags", r.tags());
    f.put("description", r.description());
    f.put("status", r.status());
    f.put("number", eni.number());
    r.primary().ifPresent(address -> f.put("primary", address.toString()));
    eni.lane().ifPresent(lane -> f.put("lane", lane));
    r.attachment().ifPresent(a -> f.put("attachment", Fields.empty().with("id", a.id()).with("instance", a.instanceId())
        .with("device", a.deviceIndex()).with("card", a.networkCard()).with("terminates", a.deleteOnTermination())));
    return Fields.of(f);
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
