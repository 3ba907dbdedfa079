package dev.patchbay.lab;

import dev.patchbay.lab.fabric.Echo;
import dev.patchbay.lab.fabric.NetworkNamespace;
import dev.patchbay.lab.vpc.AddressRequest;
import dev.patchbay.lab.vpc.NetworkInterface;
import java.net.InetAddress;
import java.util.List;

/**
 * A pod as a routed CNI plugin makes it, made by hand: a veth, one address of each family that EC2 has assigned to an
 * interface of the node, and an echo server on port 8080.
 */
final class PlainPod {
  final String name;
  final LabNode node;
  final NetworkNamespace netns;
  final InetAddress four;
  final InetAddress six;

  private PlainPod(String name, LabNode node, NetworkNamespace netns, InetAddress four, InetAddress six) {
    this.name = name;
    this.node = node;
    this.netns = netns;
    this.four = four;
    this.six = six;
  }

  /**
   * Makes one.
   *
   * @param eni the interface by which it is reached and by which it leaves, which the node has
   */
  static PlainPod on(Lab lab, LabNode node, NetworkInterface eni, String name) {
    InetAddress four = lab.model().addresses().assignIpv4(eni.id(), AddressRequest.count(1)).addresses().getFirst().inet();
    InetAddress six = lab.model().addresses().assignIpv6(eni.id(), AddressRequest.count(1)).addresses().getFirst().inet();
    lab.awaitFabric();
    NetworkNamespace netns = lab.fabric().addNamespace(name);
    String device = lab.device(eni).orElseThrow();
    InetAddress gateway = lab.model().state().subnet(eni.subnetId()).router().inet();
    script(
        node.netns(),
        """
        ip link add v$1 type veth peer name eth0 netns $2
        ip link set v$1 up
        ip -6 address add fe80::1/64 dev v$1 nodad
        ip route add $3/32 dev v$1
        ip -6 route add $4/128 dev v$1
        sysctl -qw net.ipv4.conf.v$1.proxy_arp=1 net.ipv4.neigh.v$1.proxy_delay=0
        if [ $5 != eth0 ]; then
          table=$((100 + ${5#eth}))
          ip link set $5 up
          ip route replace default via $6 dev $5 onlink table $table
          ip -6 route replace fe80:ec2::1/128 dev $5 table $table
          ip -6 route replace default via fe80:ec2::1 dev $5 onlink table $table
          ip rule add from $3/32 lookup $table
          ip -6 rule add from $4/128 lookup $table
        fi
        """,
        name, netns.name(), four.getHostAddress(), six.getHostAddress(), device, gateway.getHostAddress());
    script(
        netns,
        """
        ip link set eth0 up
        ip address add $1/32 dev eth0
        ip -6 address add $2/128 dev eth0 nodad
        ip route add 169.254.1.1 dev eth0
        ip route add default via 169.254.1.1 dev eth0
        ip -6 route add default via fe80::1 dev eth0
        """,
        four.getHostAddress(), six.getHostAddress());
    return new PlainPod(name, node, netns, four, six);
  }

  /** Answers TCP and UDP on all its addresses. */
  Echo serve() {
    return serve(netns, PacketTable.PORT);
  }

  static Echo serve(NetworkNamespace netns, int port) {
    return Echo.serve(netns, InetAddress.ofLiteral("::"), port);
  }

  /** Its addresses of both families. */
  List<InetAddress> addresses() {
    return List.of(four, six);
  }

  /** Its address of the family of another. */
  InetAddress like(InetAddress other) {
    return other.getAddress().length == 4 ? four : six;
  }

  static void script(NetworkNamespace in, String script, String... arguments) {
    String[] command = new String[4 + arguments.length];
    System.arraycopy(new String[] {"bash", "-ec", script, "script"}, 0, command, 0, 4);
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    in.run(command).orThrow("run a script in " + in.name());
  }
}
