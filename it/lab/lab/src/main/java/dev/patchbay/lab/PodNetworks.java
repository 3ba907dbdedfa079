package dev.patchbay.lab;

import dev.patchbay.lab.vpc.Cidr;
import dev.patchbay.lab.vpc.Subnet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Subnets for pods beside those of their nodes, in a further block of the VPC, and the ENIConfig objects that name them: one for
 * each zone, of the zone's name. They are private: what leaves them for the internet goes by a NAT gateway.
 */
public final class PodNetworks {
  private PodNetworks() {}

  /**
   * Makes them for the two zones of the lab.
   *
   * @param first the first two numbers of the block, {@code 100.64} say; the VPC gets it with 16 bits
   * @return the subnets by their zones
   */
  public static Map<String, Subnet> make(Lab lab, String first) {
    lab.model().blocks().add(lab.vpcId(), Cidr.parse(first + ".0.0/16"));
    String region = lab.model().settings().region();
    Map<String, Subnet> made = new LinkedHashMap<>();
    for (String zone : List.of("a", "b")) {
      Cidr block = Cidr.parse(first + (zone.equals("a") ? ".0.0/18" : ".64.0/18"));
      made.put(region + zone, lab.model().network().createSubnet(lab.vpcId(), region + zone, block, Optional.empty(), false,
          Map.of("Name", "pods-" + zone)));
    }
    lab.awaitFabric();
    made.forEach((zone, subnet) -> name(lab, zone, subnet.id()));
    return made;
  }

  /** Makes an ENIConfig. */
  public static void name(Lab lab, String eniConfig, String subnetId) {
    lab.kube().objects().create(
        """
        {"apiVersion": "crd.k8s.amazonaws.com/v1alpha1", "kind": "ENIConfig", "metadata": {"name": "%s"}, "spec": {"subnet": "%s"}}
        """
            .formatted(eniConfig, subnetId));
  }
}
