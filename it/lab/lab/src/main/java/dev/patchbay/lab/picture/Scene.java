package dev.patchbay.lab.picture;

import java.util.List;

/**
 * What a picture shows of a lab. All texts may be anything: names and descriptions are somebody's.
 *
 * @param name the lab's name
 * @param vpc the VPC's id, region and blocks, in words
 * @param gateways how packets leave the VPC
 * @param zones its zones with their subnets
 * @param groups its security groups
 */
public record Scene(String name, String vpc, List<Gateway> gateways, List<Zone> zones, List<Group> groups) {
  /** Copies the lists. */
  public Scene {
    gateways = List.copyOf(gateways);
    zones = List.copyOf(zones);
    groups = List.copyOf(groups);
  }

  /**
   * A way out.
   *
   * @param name such as {@code internet gateway}
   * @param detail what it does
   */
  public record Gateway(String name, String detail) {}

  /**
   * An availability zone.
   *
   * @param name its name
   * @param subnets its subnets
   */
  public record Zone(String name, List<Subnet> subnets) {
    /** Copies the list. */
    public Zone {
      subnets = List.copyOf(subnets);
    }
  }

  /**
   * A subnet.
   *
   * @param id its id
   * @param name its tag Name; may be empty
   * @param blocks its blocks
   * @param gateway where its default routes lead, in words
   * @param nodes the nodes whose primary interface is in it
   * @param others interfaces in it that no node has
   */
  public record Subnet(String id, String name, String blocks, String gateway, List<Node> nodes, List<Eni> others) {
    /** Copies the lists. */
    public Subnet {
      nodes = List.copyOf(nodes);
      others = List.copyOf(others);
    }
  }

  /**
   * A node.
   *
   * @param name its name
   * @param instance its instance's id
   * @param type its instance type
   * @param enis its interfaces
   * @param pods its pods with addresses that none of its interfaces holds
   */
  public record Node(String name, String instance, String type, List<Eni> enis, List<Pod> pods) {
    /** Copies the lists. */
    public Node {
      enis = List.copyOf(enis);
      pods = List.copyOf(pods);
    }
  }

  /**
   * An interface.
   *
   * @param id its id
   * @param label its device, or what it is
   * @param subnet its subnet's id
   * @param lines its own addresses and the like, a line each
   * @param prefixes its prefixes
   * @param free how many of its further single addresses no pod has
   * @param groups the ids of its security groups
   * @param pods the pods whose addresses it holds
   */
  public record Eni(
      String id, String label, String subnet, List<String> lines, List<String> prefixes, int free, List<String> groups, List<Pod> pods) {
    /** Copies the lists. */
    public Eni {
      lines = List.copyOf(lines);
      prefixes = List.copyOf(prefixes);
      groups = List.copyOf(groups);
      pods = List.copyOf(pods);
    }
  }

  /**
   * A pod.
   *
   * @param namespace its namespace
   * @param name its name
   * @param addresses its addresses
   */
  public record Pod(String namespace, String name, List<String> addresses) {
    /** Copies the list. */
    public Pod {
      addresses = List.copyOf(addresses);
    }

    /** Namespace and name. */
    public String id() {
      return namespace + "/" + name;
    }
  }

  /**
   * A security group.
   *
   * @param id its id
   * @param name its name
   * @param rules its rules in words, a line each
   */
  public record Group(String id, String name, List<String> rules) {
    /** Copies the list. */
    public Group {
      rules = List.copyOf(rules);
    }
  }

  /** How many pods there are. */
  long podCount() {
    return zones.stream()
        .flatMap(zone -> zone.subnets().stream())
        .flatMap(subnet -> subnet.nodes().stream())
        .mapToLong(node -> node.pods().size() + node.enis().stream().mapToLong(eni -> eni.pods().size()).sum())
        .sum();
  }
}
