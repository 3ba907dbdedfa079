package dev.patchbay.it.simulation;

import dev.patchbay.core.compose.ModeInstance;
import dev.patchbay.core.objects.ObjectRecord;
import dev.patchbay.mode.customnet.CustomNetProvider;
import dev.patchbay.mode.ipv6.Ipv6Provider;
import dev.patchbay.mode.prefix.PrefixProvider;
import dev.patchbay.mode.secondaryip.SecondaryIpProvider;
import dev.patchbay.simulation.Choice;
import dev.patchbay.simulation.PodKind;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.NetworkModeProvider;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Setting;
import dev.patchbay.tck.synthetic.SyntheticModes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The built-in modes, alone and together, with the settings that decide most. */
final class BuiltIn {
  private static final ObjectKind ENI_CONFIG =
      new ObjectKind("crd.k8s.amazonaws.com", "v1alpha1", "ENIConfig", "eniconfigs", false);

  private BuiltIn() {}

  static ModeInstance mode(NetworkModeProvider provider, Map<String, Object> settings) {
    Map<String, Object> values = new TreeMap<>();
    for (Setting setting : provider.descriptor().settings()) {
      setting.defaultValue().ifPresent(value -> values.put(setting.name(), value));
    }
    values.putAll(settings);
    Fields fields = Fields.of(values);
    return new ModeInstance(provider.id(), "1", provider.descriptor(), provider.create(() -> fields));
  }

  static ModeInstance secondaryIp(Map<String, Object> settings) {
    return mode(new SecondaryIpProvider(), settings);
  }

  static ModeInstance prefix(Map<String, Object> settings) {
    return mode(new PrefixProvider(), settings);
  }

  static Choice secondaryIp() {
    return Choice.of("secondary-ip", List.of(secondaryIp(Map.of())));
  }

  static Choice secondaryIpFew() {
    return Choice.of("secondary-ip, few addresses", List.of(secondaryIp(Map.of("warmIpTarget", 2L, "minimumIpTarget", 3L))));
  }

  static Choice prefix() {
    return Choice.of("prefix", List.of(prefix(Map.of())));
  }

  static Choice ipv6() {
    return Choice.of("ipv6", List.of(mode(new Ipv6Provider(), Map.of())));
  }

  static Choice prefixes(boolean singles) {
    return Choice.of(singles ? "prefix, few addresses" : "prefix alone",
        List.of(prefix(Map.of("warmIpTarget", 3L, "singleAddresses", singles))));
  }

  static Choice dualStack() {
    return Choice.of("dual stack", List.of(secondaryIp(Map.of()), mode(new Ipv6Provider(), Map.of())));
  }

  static Choice prefixDualStack() {
    return Choice.of("dual stack with prefixes", List.of(prefix(Map.of()), mode(new Ipv6Provider(), Map.of())));
  }

  private static ModeInstance moved() {
    return mode(new CustomNetProvider(), Map.of("subnets", List.of(Ec2Model.PODS)));
  }

  static Choice customNet() {
    return Choice.of("custom-net", List.of(secondaryIp(Map.of("warmIpTarget", 2L)), moved()));
  }

  static Choice customNetOverPrefix() {
    return Choice.of("custom-net over prefix", List.of(prefix(Map.of()), moved()));
  }

  static Choice customNetDualStack() {
    return Choice.of("custom-net in dual stack",
        List.of(secondaryIp(Map.of("warmIpTarget", 2L)), mode(new Ipv6Provider(), Map.of()), moved()));
  }

  private static ObjectRecord eniConfig(String subnet, String version) {
    return new ObjectRecord(new ObjectRef(ENI_CONFIG, "", "default"), "uid-eniconfig", version, Map.of(), Map.of(),
        Fields.empty().with("spec", Fields.empty().with("subnet", subnet).with("securityGroups", List.of("sg-node"))));
  }

  /** An ENIConfig that names one subnet, then another, then none that there is, and is taken away for a while. */
  static Choice eniConfigs() {
    return Choice.of("custom-net by an ENIConfig that changes",
        List.of(secondaryIp(Map.of("warmIpTarget", 2L)), mode(new CustomNetProvider(), Map.of())))
        .withObjects(List.of(List.of(eniConfig(Ec2Model.PODS, "1")), List.of(eniConfig(Ec2Model.OTHER, "2")), List.of(),
            List.of(eniConfig(Ec2Model.PODS, "3"))));
  }

  /** Pods of one namespace have a lane of their own. */
  static Choice namespaces() {
    return Choice.of("custom-net for a namespace", List.of(secondaryIp(Map.of("warmIpTarget", 2L)), mode(new CustomNetProvider(),
        Map.of("subnets", List.of(Ec2Model.NODES), "namespaces", Map.of("shop", Map.of("namespaces", List.of("shop"), "subnets",
            List.of(Ec2Model.OTHER)))))))
        .withPods(PodKind.PLAIN, PodKind.of("shop"));
  }

  /** Particular addresses that EC2 is asked for when the pod comes, and further interfaces with acts: modes of other makers. */
  static Choice onDemandAndExtras() {
    ModeInstance stock = synthetic(SyntheticModes.stock());
    return Choice.of("addresses on demand and extras", List.of(stock, synthetic(SyntheticModes.onDemand()), synthetic(SyntheticModes.extra())))
        .withPods(PodKind.PLAIN, PodKind.labelled("synthetic.patchbay.dev/address", "10.0.0.50"),
            PodKind.annotated("synthetic.patchbay.dev/networks", "lane"), PodKind.annotated("synthetic.patchbay.dev/networks", "delegate,lane"));
  }

  private static ModeInstance synthetic(NetworkModeProvider provider) {
    return mode(provider, Map.of());
  }

  /** What histories start with, and change to. */
  static List<List<Choice>> families() {
    return List.of(List.of(secondaryIp(), secondaryIpFew()), List.of(prefix(), secondaryIp()), List.of(ipv6()), List.of(dualStack()),
        List.of(customNet()), List.of(prefixes(true), prefixes(false)), List.of(prefixDualStack(), prefix()), List.of(customNetOverPrefix()),
        List.of(customNetDualStack(), dualStack()), List.of(customNet(), secondaryIp()), List.of(eniConfigs()), List.of(namespaces()),
        List.of(onDemandAndExtras()));
  }
}
