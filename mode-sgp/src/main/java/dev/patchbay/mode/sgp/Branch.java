package dev.patchbay.mode.sgp;

import dev.patchbay.mode.sgp.policy.Json;
import dev.patchbay.mode.sgp.policy.Requests;
import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import dev.patchbay.spi.net.MacAddress;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.ObjectView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the controller's annotation says of a pod's branch: a JSON array whose first element is the pod's own. Keys are taken in any
 * case, since the two sides that write and read them today spell one of them differently.
 *
 * @param eni the branch's id
 * @param mac its hardware address
 * @param vlan the VLAN that tells its frames apart on the trunk
 * @param routers for each of its addresses the VPC's router, in the order in which results show the addresses
 */
record Branch(String eni, MacAddress mac, int vlan, Map<IpAddress, IpAddress> routers) {
  private static final int HIGHEST_VLAN = 4094;
  private static final IpAddress ROUTER_6 = IpAddress.of("fe80:ec2::1");
  private static final String MAC = "mac";
  private static final String VLAN = "vlan";
  private static final String ROUTER = "router";

  /** Its addresses in order. */
  List<IpAddress> addresses() {
    return List.copyOf(routers.keySet());
  }

  /** What the ledger keeps beside an address of a family, for the datapath planner. */
  Fields details(AddressFamily family) {
    IpAddress router = routers.entrySet().stream().filter(e -> e.getKey().family() == family).findFirst().orElseThrow().getValue();
    return Fields.empty().with(MAC, mac.toString()).with(VLAN, vlan).with(ROUTER, router.toString());
  }

  static MacAddress mac(Fields details) {
    return MacAddress.of(details.required(MAC));
  }

  static int vlan(Fields details) {
    return Math.toIntExact(details.number(VLAN).orElseThrow());
  }

  static IpAddress router(Fields details) {
    return IpAddress.of(details.required(ROUTER));
  }

  /** Reads a pod's annotation; waits for it where there is none. */
  static Answer<Branch> of(AttachmentView attachment, ObjectView pod) {
    String annotation = pod.annotations().get(Requests.KEY);
    if (annotation == null) {
      return Answer.waitFor(pod.ref(), Codes.WAIT_EXPIRED, "Pod " + attachment.pod().name() + " requests a branch interface, and the"
          + " controller has not written the annotation " + Requests.KEY + " yet.", "Look at the pod's events and at the controller: it"
          + " may not run, or EC2 may refuse it. The pod starts once the annotation is there.");
    }
    try {
      return Answer.of(read(annotation));
    } catch (IllegalArgumentException e) {
      return Answer.refuse(Codes.OBJECT_INVALID, "The annotation " + Requests.KEY + " of pod " + attachment.pod().name()
          + " names no branch: " + e.getMessage() + ".", "The controller alone writes it: delete the pod, so that it is made anew.");
    }
  }

  private static Branch read(String annotation) {
    if (!(Json.read(annotation) instanceof List<?> branches) || branches.isEmpty() || !(branches.getFirst() instanceof Map<?, ?> first)) {
      throw new IllegalArgumentException("it is no array of objects");
    }
    String eni = text(first, "eniid").orElseThrow(() -> lacks("eniId"));
    if (!eni.matches("eni-[0-9a-f]{8,17}")) {
      throw new IllegalArgumentException("\"" + eni + "\" is no id of an interface");
    }
    MacAddress mac = MacAddress.of(text(first, "ifaddress").orElseThrow(() -> lacks("ifAddress")));
    String vlan = text(first, "vlanid").orElseThrow(() -> lacks("vlanId"));
    if (!vlan.matches("[1-9][0-9]{0,3}") || Integer.parseInt(vlan) > HIGHEST_VLAN) {
      throw new IllegalArgumentException("its vlanId is " + vlan + ", and 1 to " + HIGHEST_VLAN + " are VLANs");
    }
    Map<IpAddress, IpAddress> routers = new LinkedHashMap<>();
    Optional<IpAddress> four = address(first, "privateip", AddressFamily.IPV4);
    if (four.isPresent()) {
      Cidr subnet = Cidr.of(text(first, "subnetcidr").orElseThrow(() -> lacks("subnetCidr")));
      if (subnet.family() != AddressFamily.IPV4 || !subnet.contains(four.get())) {
        throw new IllegalArgumentException("its address " + four.get() + " is not in its subnet " + subnet);
      }
      routers.put(four.get(), subnet.at(1));
    }
    address(first, "ipv6addr", AddressFamily.IPV6).ifPresent(six -> routers.put(six, ROUTER_6));
    if (routers.isEmpty()) {
      throw new IllegalArgumentException("it has no address");
    }
    return new Branch(eni, mac, Integer.parseInt(vlan), routers);
  }

  private static IllegalArgumentException lacks(String key) {
    return new IllegalArgumentException("it has no " + key);
  }

  private static Optional<String> text(Map<?, ?> object, String key) {
    return object.get(key) instanceof String text && !text.isEmpty() && !text.equals("null") ? Optional.of(text) : Optional.empty();
  }

  private static Optional<IpAddress> address(Map<?, ?> object, String key, AddressFamily family) {
    Optional<IpAddress> address = text(object, key).map(IpAddress::of);
    if (address.isPresent() && address.get().family() != family) {
      throw new IllegalArgumentException(address.get() + " is not of " + family);
    }
    return address;
  }
}
