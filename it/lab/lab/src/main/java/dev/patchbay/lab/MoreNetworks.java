package dev.patchbay.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.KubeApiException;
import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.Subnet;
import dev.patchbay.lab.vpc.Vpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What users of several interfaces per pod have beside the nodes: further subnets, interfaces of nodes that are left to other software,
 * and NetworkAttachmentDefinitions.
 */
public final class MoreNetworks {
  /** Interfaces with this tag are left alone by the VPC CNI, and by Patchbay. */
  public static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

  private static final String KIND = "NetworkAttachmentDefinition";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BLOCK = 16;

  private MoreNetworks() {}

  /**
   * An interface of a node, and the device by which the node has it.
   *
   * @param eni the interface, attached
   * @param device the device's name
   */
  public record Attached(NetworkInterface eni, String device) {}

  /**
   * The subnet of that block, which is made where there is none; the VPC gets the 16 bits around it, where it has them not. In a lab with
   * IPv6 it has that, too.
   *
   * @param zone the last letter of its zone, a or b
   */
  public static Subnet subnet(Lab lab, String block, String zone) {
    Cidr cidr;
    try {
      cidr = Cidr.parse(block);
    } catch (IllegalArgumentException wrong) {
      throw new LabException("'" + block + "' is no block of addresses; write it as 100.64.7.0/24", wrong);
    }
    if (!zone.matches("[ab]")) {
      throw new LabException("there is no zone '" + zone + "' in a lab; there are a and b");
    }
    String name = lab.model().settings().region() + zone;
    Optional<Subnet> present = lab.model().state().subnets().values().stream().filter(s -> s.cidr().equals(cidr)).findFirst();
    if (present.isPresent()) {
      if (!present.get().zone().equals(name)) {
        throw new LabException("the subnet " + cidr + " lies in zone " + present.get().zone() + ", and not in " + name);
      }
      return present.get();
    }
    try {
      Vpc vpc = lab.model().state().vpc(lab.vpcId());
      if (vpc.cidrs().stream().noneMatch(b -> b.contains(cidr))) {
        lab.model().blocks().add(vpc.id(), Cidr.around(cidr.base(), Math.min(BLOCK, cidr.length())));
      }
      Subnet made = lab.model().network().createSubnet(vpc.id(), name, cidr, six(lab, vpc), false, Map.of("Name", "more-" + cidr.base()));
      lab.awaitFabric();
      return made;
    } catch (Ec2Error refused) {
      throw new LabException("cannot make the subnet " + cidr + ": " + refused.getMessage(), refused);
    }
  }

  /** The zone of a node: a or b. */
  public static String zone(Lab lab, LabNode node) {
    String zone = lab.model().state().subnet(node.interfaces().getFirst().subnetId()).zone();
    return zone.substring(zone.length() - 1);
  }

  /** The first /64 of the VPC's block that no subnet has. */
  private static Optional<Cidr> six(Lab lab, Vpc vpc) {
    TreeSet<Cidr> taken = new TreeSet<>();
    lab.model().state().subnets().values().forEach(subnet -> subnet.ipv6().ifPresent(taken::add));
    return vpc.ipv6().map(all -> {
      Cidr next = Cidr.around(all.base(), 64);
      while (taken.contains(next)) {
        next = Cidr.around(new Ip(true, next.base().high() + 1, 0), 64);
      }
      return next;
    });
  }

  /**
   * Attaches an interface to a node at its highest index, as users of Multus on EC2 do: in the nodes' security group, tagged so that it
   * is left alone, without the check of source and destination, and its device up. It has no address on the node.
   *
   * @param unmanaged whether it is left to others; else the node's daemon takes it for its pods
   */
  public static Attached attach(Lab lab, LabNode node, Subnet subnet, boolean unmanaged) {
    Map<String, String> tags = unmanaged ? Map.of("Name", node.name() + "-more", NO_MANAGE, "true") : Map.of("Name", node.name() + "-more");
    NetworkInterface eni;
    try {
      eni = lab.model().interfaces().create(InterfaceRequest.in(subnet.id()).groups(List.of(lab.nodeGroup().id())).tags(tags).build());
    } catch (Ec2Error refused) {
      throw new LabException("cannot make an interface in " + subnet.cidr() + ": " + refused.getMessage(), refused);
    }
    try {
      if (unmanaged) {
        lab.model().interfaces().setSourceDestCheck(eni.id(), false);
      }
      lab.model().attachments().attach(eni.id(), node.instanceId(), lastFree(node), 0);
    } catch (Ec2Error refused) {
      lab.model().interfaces().delete(eni.id());
      throw new LabException("cannot attach an interface in " + subnet.cidr() + " to " + node.name() + ": " + refused.getMessage(), refused);
    }
    lab.awaitFabric();
    String device = lab.device(eni).orElseThrow(() -> new LabException("the interface " + eni.id() + " went while it was attached"));
    if (unmanaged) {
      node.exec("ip", "link", "set", device, "up").orThrow("set " + device + " of " + node.name() + " up");
    }
    return new Attached(lab.model().state().networkInterface(eni.id()), device);
  }

  /** Daemons count from the other end. */
  private static int lastFree(LabNode node) {
    List<Integer> taken = node.interfaces().stream().flatMap(eni -> eni.attachment().stream()).map(a -> a.deviceIndex()).toList();
    for (int index = node.instance().type().interfacesPerCard().getFirst() - 1; index > 0; index--) {
      if (!taken.contains(index)) {
        return index;
      }
    }
    throw new LabException("the instance of " + node.name() + ", of type " + node.instance().type().name() + ", has no room for another interface");
  }

  /**
   * Makes NetworkAttachmentDefinitions, or gives those that there are what is written now.
   *
   * @param yaml one or more documents, JSON among them
   * @param what names the text for people
   * @return their names, {@code NAMESPACE/NAME}
   */
  public static List<String> define(Lab lab, String yaml, String what) {
    List<ObjectNode> all = new ArrayList<>();
    try {
      for (Object document : new Load(LoadSettings.builder().setLabel(what).build()).loadAllFromString(yaml)) {
        if (document != null) {
          all.add(definition(JSON.valueToTree(document), what));
        }
      }
    } catch (YamlEngineException wrong) {
      throw new LabException(what + " is no YAML: " + wrong.getMessage(), wrong);
    }
    if (all.isEmpty()) {
      throw new LabException(what + " holds no " + KIND);
    }
    return all.stream().map(object -> define(lab, object, what)).toList();
  }

  private static ObjectNode definition(Object document, String what) {
    if (!(document instanceof ObjectNode object) || !object.path("kind").asText().equals(KIND)
        || object.at("/metadata/name").asText().isEmpty()) {
      throw new LabException(what + " holds something else than objects of kind " + KIND + " with a name");
    }
    return object;
  }

  private static String define(Lab lab, ObjectNode object, String what) {
    String resource = "network-attachment-definitions.k8s.cni.cncf.io";
    String namespace = object.at("/metadata/namespace").asText("default");
    String name = object.at("/metadata/name").asText();
    try {
      if (lab.kube().objects().get(resource, namespace, name).isPresent()) {
        lab.kube().objects().merge(resource, namespace, name, object);
      } else {
        lab.kube().objects().create(object);
      }
    } catch (KubeApiException refused) {
      throw new LabException("cannot make " + KIND + " " + namespace + "/" + name + " of " + what + ": " + refused.getMessage()
          + "; the kind is known where the mode multus is among the lab's modes, or its definition was put there", refused);
    }
    return namespace + "/" + name;
  }
}
