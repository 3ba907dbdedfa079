package dev.patchbay.cli.awsnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.net.AddressFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables of aws-node become keys, modes and settings, or are named with the reason. */
class FromAwsNodeTest {
  /** Every variable of aws-node 1.23 and of its metrics helper. */
  private static final String VARIABLES = """
      ADDITIONAL_ENI_TAGS ANNOTATE_POD_IP AWS_CLUSTER_ID AWS_EC2_ENDPOINT AWS_EXTERNAL_SERVICE_CIDRS AWS_MANAGE_ENIS_NON_SCHEDULABLE
      AWS_REGION AWS_VPC_CNI_NODE_PORT_SUPPORT AWS_VPC_ENI_MTU POD_MTU AWS_VPC_K8S_CNI_BACKING_STORE AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER
      AWS_VPC_K8S_CNI_CONNMARK AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS AWS_VPC_K8S_CNI_EXTERNALSNAT
      AWS_VPC_K8S_CNI_LOGLEVEL AWS_VPC_K8S_CNI_LOG_FILE AWS_VPC_K8S_PLUGIN_LOG_FILE AWS_VPC_K8S_PLUGIN_LOG_LEVEL
      AWS_VPC_K8S_EGRESS_V4_PLUGIN_LOG_FILE AWS_VPC_K8S_EGRESS_V6_PLUGIN_LOG_FILE AWS_VPC_K8S_CNI_RANDOMIZESNAT
      AWS_VPC_K8S_CNI_VETHPREFIX CLUSTER_ENDPOINT CLUSTER_NAME DISABLE_INTROSPECTION DISABLE_LEAKED_ENI_CLEANUP DISABLE_METRICS
      DISABLE_NETWORK_RESOURCE_PROVISIONING DISABLE_POD_V6 DISABLE_TCP_EARLY_DEMUX ENABLE_BANDWIDTH_PLUGIN ENABLE_IMDS_ONLY_MODE
      ENABLE_IPv4 ENABLE_IPv6 ENABLE_MULTI_NIC ENABLE_NFTABLES ENABLE_POD_ENI ENABLE_PREFIX_DELEGATION ENABLE_SUBNET_DISCOVERY
      ENABLE_V4_EGRESS ENABLE_V6_EGRESS ENI_CONFIG_ANNOTATION_DEF ENI_CONFIG_LABEL_DEF HOST_CNI_BIN_PATH HOST_CNI_CONFDIR_PATH
      HTTP_TIMEOUT INTROSPECTION_BIND_ADDRESS IP_COOLDOWN_PERIOD MANAGE_UNTAGGED_ENI MAX_ENI METRIC_UPDATE_INTERVAL MINIMUM_IP_TARGET
      MY_NODE_NAME MY_POD_NAME NETWORK_POLICY_ENFORCING_MODE POD_SECURITY_GROUP_ENFORCING_MODE USE_CLOUDWATCH USE_PROMETHEUS
      VPC_CNI_VERSION WARM_ENI_TARGET WARM_IP_TARGET WARM_PREFIX_TARGET""";

  private static final Map<String, ModeDescriptor> MODES = new TreeMap<>(Map.of(
      "plain", ModeDescriptor.of("Plain.").role(Role.base(AddressFamily.IPV4)).usual()
          .setting(Setting.number("warm", "Warm.", 0, 100).withDefault(1).fromEnvironment("WARM_IP_TARGET")).build(),
      "blocks", ModeDescriptor.of("Blocks.").role(Role.base(AddressFamily.IPV4)).chosenBy("ENABLE_PREFIX_DELEGATION", "true")
          .chosenBy("ENABLE_IPv6", "false").build(),
      "six", ModeDescriptor.of("Six.").role(Role.base(AddressFamily.IPV6)).chosenBy("ENABLE_IPv6", "true")
          .setting(Setting.truth("egress", "Egress.").withDefault(true).fromEnvironment("ENABLE_V4_EGRESS")).build(),
      "elsewhere", ModeDescriptor.of("Elsewhere.").role(Role.modifier(Role.WhenUnreadable.PASS, AddressFamily.IPV4))
          .chosenBy("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true")
          .setting(Setting.text("label", "Label.").fromEnvironment("ENI_CONFIG_LABEL_DEF")).build()));

  private static FromAwsNode of(String... variables) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : variables) {
      environment.put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
    }
    return FromAwsNode.of(environment, MODES);
  }

  private static Map<String, Object> values(FromAwsNode found) {
    return found.values().stream().collect(Collectors.toMap(Translation.Taken::path, Translation.Taken::value));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      X=y                                                                       | plain
      ENABLE_PREFIX_DELEGATION=true                                             | blocks
      ENABLE_PREFIX_DELEGATION=0                                                | plain
      ENABLE_PREFIX_DELEGATION=maybe                                            | plain
      ENABLE_PREFIX_DELEGATION=T ENABLE_IPv6=1                                  | six
      ENABLE_IPv6=true ENABLE_IPv4=false                                        | six
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=TRUE                                   | plain elsewhere
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG=true ENABLE_PREFIX_DELEGATION=true     | blocks elsewhere
      """)
  void modesAreChosenByWhatTheySayOfThemselves(String variables, String modes) {
    assertThat(of(variables.strip().split(" +", -1)).modes().stream().map(FromAwsNode.Mode::id))
        .containsExactly(modes.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      AWS_VPC_ENI_MTU=1500                                     | node.mtu             | 1500
      AWS_VPC_K8S_CNI_VETHPREFIX=vp                            | node.vethPrefix      | vp
      IP_COOLDOWN_PERIOD=45                                    | node.cooldown        | 45s
      AWS_VPC_K8S_CNI_EXTERNALSNAT=true                        | egress.translate     | false
      AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS=10.1.2.3/16, 10.9.0.0/24 | egress.exceptions | [10.1.0.0/16, 10.9.0.0/24]
      AWS_EXTERNAL_SERVICE_CIDRS=10.1.2.3/16,10.9.0.0/24       | egress.mainTable     | [10.1.0.0/16, 10.9.0.0/24]
      AWS_VPC_CNI_NODE_PORT_SUPPORT=false                      | egress.nodePorts     | false
      AWS_VPC_K8S_CNI_RANDOMIZESNAT=prng                       | egress.ports         | random-fully
      AWS_VPC_K8S_CNI_RANDOMIZESNAT=hashrandom                 | egress.ports         | random
      AWS_VPC_K8S_CNI_RANDOMIZESNAT=none                       | egress.ports         | kernel
      AWS_EC2_ENDPOINT=https://ec2.example                     | ec2.endpoint         | https://ec2.example
      ADDITIONAL_ENI_TAGS={"team": "net", "no": 1}             | ec2.tags             | {team=net, no=1}
      CLUSTER_NAME=c1                                          | cluster.name         | c1
      INTROSPECTION_BIND_ADDRESS=127.0.0.1:7                   | introspection.address | 127.0.0.1:7
      DISABLE_INTROSPECTION=true                               | introspection.address | off
      DISABLE_METRICS=true                                     | metrics.address      | off
      AWS_VPC_K8S_CNI_LOGLEVEL=DEBUG                           | log.level            | debug
      AWS_VPC_K8S_CNI_LOGLEVEL=fatal                           | log.level            | error
      """)
  void variablesBecomeKeys(String variable, String path, String value) {
    FromAwsNode found = of(variable.strip());
    assertThat(found.left()).isEmpty();
    assertThat(values(found)).hasSize(1).allSatisfy((p, v) -> assertThat(p + "|" + v).isEqualTo(path.strip() + "|" + value));
    assertThat(found.values().getFirst().from()).isEqualTo(variable.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AWS_VPC_ENI_MTU=9100", "AWS_VPC_ENI_MTU=", "POD_MTU=1400", "IP_COOLDOWN_PERIOD=-1", "IP_COOLDOWN_PERIOD=1m",
      "AWS_VPC_K8S_CNI_EXTERNALSNAT=yes", "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS=10.0.0.0/40", "AWS_VPC_K8S_CNI_RANDOMIZESNAT=all",
      "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS=2001:db8::/32", "AWS_EXTERNAL_SERVICE_CIDRS=all", "ENABLE_MULTI_NIC=true",
      "ADDITIONAL_ENI_TAGS=[1]", "ADDITIONAL_ENI_TAGS={", "ADDITIONAL_ENI_TAGS={\"a.k8s.amazonaws.com/b\": \"c\"}",
      "INTROSPECTION_BIND_ADDRESS=unix:/run/x", "AWS_VPC_K8S_CNI_LOGLEVEL=loud", "WARM_IP_TARGET=many", "WARM_IP_TARGET=-1",
      "WARM_IP_TARGET=99999999999999999999", "ENABLE_POD_ENI=true", "ENABLE_SUBNET_DISCOVERY=true", "WARM_ENI_TARGET=2"})
  void whatHasNoCounterpartIsNamedWithTheReason(String variable) {
    FromAwsNode found = of(variable);
    assertThat(found.values()).isEmpty();
    assertThat(found.left()).hasSize(1).allSatisfy(left -> {
      assertThat(left.variable() + "=" + left.value()).isEqualTo(variable);
      assertThat(left.why()).endsWith(".");
    });
  }

  @Test
  void settingsOfModesComeFromTheirVariables() {
    assertThat(of("WARM_IP_TARGET=5").modes()).containsExactly(
        new FromAwsNode.Mode("plain", "", List.of(new Translation.Taken("warm", 5L, "WARM_IP_TARGET=5"))));
    assertThat(of("WARM_IP_TARGET=1").modes().getFirst().settings()).as("the default").isEmpty();
    assertThat(of("ENABLE_IPv6=true", "ENABLE_V4_EGRESS=false").modes()).containsExactly(new FromAwsNode.Mode("six",
        "ENABLE_IPv6=true", List.of(new Translation.Taken("egress", false, "ENABLE_V4_EGRESS=false"))));
    assertThat(of("ENABLE_IPv6=true", "ENABLE_V4_EGRESS=false").left()).isEmpty();
    assertThat(of("POD_MTU=1400", "AWS_VPC_ENI_MTU=1400").left()).isEmpty();
  }

  @Test
  void everyVariableIsAnsweredOrNamed() {
    for (String variable : VARIABLES.split("\\s+", -1)) {
      FromAwsNode found = of(variable + "=\u0007");
      assertThat(found.values().size() + found.left().size() + found.modes().stream().mapToInt(m -> m.settings().size()).sum())
          .as(variable).isEqualTo(1);
    }
    assertThat(of("PATH=/bin", "HOME=/root", "KUBERNETES_PORT=1").left()).as("what is none of aws-node's").isEmpty();
    assertThat(of("ENABLE_POD_ENI=false", "DISABLE_METRICS=false", "ENABLE_BANDWIDTH_PLUGIN=f").left()).as("off").isEmpty();
  }
}
