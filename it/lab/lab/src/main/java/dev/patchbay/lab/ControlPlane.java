package dev.patchbay.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.fabric.Fabric;
import dev.patchbay.lab.fabric.InstanceSpec;
import dev.patchbay.lab.fabric.InterfaceSpec;
import dev.patchbay.lab.kube.KubeObjects;
import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.InterfaceRequest;
import dev.patchbay.lab.vpc.Ip;
import dev.patchbay.lab.vpc.NetworkInterface;
import dev.patchbay.lab.vpc.SecurityGroup;
import dev.patchbay.lab.vpc.Subnet;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The Kubernetes API inside of the VPC, as EKS has it there: an interface in each zone that AWS manages, in the group of the
 * nodes, and the endpoints of the service {@code kubernetes}. It is not there until somebody wants service addresses. Thread-safe.
 */
final class ControlPlane {
  private static final String SLICES = "endpointslices.discovery.k8s.io";
  private static final int PORT = 443;

  /** From the end of a subnet, where no address is given out for long. */
  private static final int FROM_THE_END = 6;

  private final Cloud cloud;
  private final Fabric fabric;
  private final KubeObjects objects;
  private final InetSocketAddress server;
  private boolean shown;

  /**
   * Shows nothing yet.
   *
   * @param server where the API server listens on the machine
   */
  ControlPlane(Cloud cloud, Fabric fabric, KubeObjects objects, InetSocketAddress server) {
    this.cloud = cloud;
    this.fabric = fabric;
    this.objects = objects;
    this.server = server;
  }

  /** The address that it has in a subnet, which the server's certificate must name. */
  static Ip address(Subnet subnet) {
    return subnet.cidr().base().plus(subnet.cidr().size() - FROM_THE_END);
  }

  /** Puts it into the VPC, if it is not there. The fabric knows the subnets and groups already. */
  synchronized void show() {
    if (shown) {
      return;
    }
    List<String> addresses = new ArrayList<>();
    for (Subnet subnet : cloud.subnets()) {
      addresses.add(put(subnet).toString());
    }
    if (objects.get("services", "default", "kubernetes").isPresent()) {
      objects.update("services", "default", "kubernetes", service -> {
        ((ObjectNode) service.at("/spec/ports/0")).put("targetPort", PORT);
        return service;
      });
    }
    // An API server that is told to leave its endpoints alone writes none.
    if (objects.get(SLICES, "default", "kubernetes").isEmpty()) {
      objects.create(
          """
          {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
           "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"kubernetes.io/service-name": "kubernetes"}},
           "ports": [{"name": "https", "port": 443, "protocol": "TCP"}], "endpoints": []}
          """);
    }
    objects.update(SLICES, "default", "kubernetes", slice -> {
      ((ObjectNode) slice.at("/ports/0")).put("port", PORT);
      ArrayNode endpoints = slice.putArray("endpoints");
      for (String address : addresses) {
        ObjectNode endpoint = endpoints.addObject();
        endpoint.putArray("addresses").add(address);
        endpoint.putObject("conditions").put("ready", true);
      }
      return slice;
    });
    shown = true;
  }

  private Ip put(Subnet subnet) {
    SecurityGroup group = cloud.nodes();
    Ip address = address(subnet);
    NetworkInterface eni;
    try {
      eni =
          cloud.model().interfaces().create(
              InterfaceRequest.in(subnet.id())
                  .description("Amazon EKS " + cloud.cluster())
                  .groups(List.of(group.id()))
                  .primary(address)
                  .requesterManaged()
                  .build());
    } catch (Ec2Error refused) {
      throw new LabException("the Kubernetes API gets no interface in " + subnet.id() + ": " + refused.getMessage(), refused);
    }
    // No instance of this account: EC2 does not show it, so the model has none.
    String instance = "kubernetes-" + subnet.zone();
    fabric.addInstance(InstanceSpec.node(instance));
    fabric.attach(InterfaceSpec.primary(eni.id(), eni.mac(), instance, subnet.id(), List.of(address + "/32"), Set.of(group.id())));
    fabric.serve(instance, new InetSocketAddress(address.inet(), PORT), server);
    return address;
  }
}
