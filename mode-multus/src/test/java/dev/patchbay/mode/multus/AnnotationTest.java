package dev.patchbay.mode.multus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationTest {
  private static List<Selection> read(String value) throws Refusal {
    return Annotation.read(Annotation.NETWORKS, value.replace('\'', '"'), "shop");
  }

  private static String cause(String value) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> read(value));
    assertThat(refusal).as(value).isNotNull();
    assertThat(refusal.reason().code()).isEqualTo(Codes.POD_INVALID);
    return refusal.reason().cause();
  }

  @Test
  void theShortFormNamesNetworksWithNamespaceAndInterface() throws Refusal {
    assertThat(read(" fast , other/slow@data0,fast@f-1 ")).containsExactly(Selection.of("shop", "fast", Optional.empty()),
        Selection.of("other", "slow", Optional.of("data0")), Selection.of("shop", "fast", Optional.of("f-1")));
    assertThat(read("  ")).isEmpty();
    assertThat(read("[]")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b/c", "a@b@c", "a,,b", ",", "Fast", "fast_net", "-fast", "fast@", "fast@0123456789abcdef", "fast@a b", "fast@a:b",
      "fast@..", "/fast", "shop/"})
  void aShortFormThatIsNoneIsRefused(String value) {
    assertThat(cause(value)).contains(Annotation.NETWORKS);
  }

  @Test
  void everyKeyOfTheJsonFormIsRead() throws Refusal {
    Selection all = read("[{'name':'fast','namespace':'other','interface':'data0','ips':['10.1.1.11/24','fd00::7'],'mac':'02:AB:00:00:00:01',"
        + "'infiniband-guid':'02:00:00:00:00:00:00:01','portMappings':[{'hostPort':8080,'containerPort':80},{'hostPort':53,"
        + "'containerPort':53,'protocol':'UDP','hostIP':'10.0.0.9'}],'bandwidth':{'ingressRate':1000,'ingressBurst':500,'egressRate':2000},"
        + "'deviceID':'0000:00:05.0','cni-args':{'deep':{'er':[1.5,null,true]}},'default-route':['10.1.1.254','fd00::1'],"
        + "'example.com/private':7}]").getFirst();
    assertThat(all.network()).isEqualTo("other/fast");
    assertThat(all.interfaceName()).contains("data0");
    assertThat(all.capabilities()).isEqualTo(Fields.empty().with("ips", List.of("10.1.1.11/24", "fd00::7"))
        .with("mac", "02:ab:00:00:00:01").with("infinibandGUID", "02:00:00:00:00:00:00:01").with("deviceID", "0000:00:05.0")
        .with("bandwidth", Fields.empty().with("ingressRate", 1000).with("ingressBurst", 500).with("egressRate", 2000))
        .with("portMappings", List.of(
            Fields.empty().with("hostPort", 8080).with("containerPort", 80).with("protocol", "tcp"),
            Fields.empty().with("hostPort", 53).with("containerPort", 53).with("protocol", "udp").with("hostIP", "10.0.0.9"))));
    assertThat(Json.write(all.arguments())).isEqualTo("{\"deep\":{\"er\":[1.5,null,true]}}");
    assertThat(all.defaultRoute()).contains(List.of(IpAddress.of("10.1.1.254"), IpAddress.of("fd00::1")));
    assertThat(read("[{'name':'fast','interfaceRequest':'old0'}]").getFirst().interfaceName()).contains("old0");
    assertThat(read("[{'name':'fast','default-route':[]}]").getFirst().defaultRoute()).contains(List.of());
    assertThat(read("[{'name':'fast'}]")).containsExactly(new Selection("shop", "fast", Optional.empty(), Fields.empty(), Map.of(),
        Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "[{ | ends too early",
      "[{'name':'a'}]x | character 15 is not JSON",
      "{'name':'a'} | no list",
      "['a'] | element 1 of its list is no object",
      "[{'name':'a'},{}] | element 2 has no \"name\"",
      "[{'name':7}] | \"name\" of element 1 is no text",
      "[{'name':'A'}] | \"A\"",
      "[{'name':'a','namespace':'a/b'}] | \"a/b\"",
      "[{'name':'a','interface':'a/b'}] | \"a/b\"",
      "[{'name':'a','ips':'10.0.0.1'}] | \"ips\" of element 1 is no list",
      "[{'name':'a','ips':['10.0.0']}] | \"10.0.0\"",
      "[{'name':'a','ips':['10.0.0.1/33']}] | /33",
      "[{'name':'a','mac':'02:00'}] | \"mac\"",
      "[{'name':'a','infiniband-guid':'02:00'}] | \"infiniband-guid\"",
      "[{'name':'a','portMappings':[{'hostPort':0,'containerPort':80}]}] | hostPort",
      "[{'name':'a','portMappings':[{'hostPort':80,'containerPort':65536}]}] | containerPort",
      "[{'name':'a','portMappings':[{'hostPort':80,'containerPort':80,'protocol':'icmp'}]}] | icmp",
      "[{'name':'a','portMappings':[{'hostPort':80,'containerPort':80,'hostIP':'x'}]}] | hostIP",
      "[{'name':'a','bandwidth':{'ingressBurst':5}}] | no rate for ingress",
      "[{'name':'a','bandwidth':{'egressRate':-5}}] | egressRate",
      "[{'name':'a','cni-args':[]}] | \"cni-args\"",
      "[{'name':'a','default-route':['x']}] | \"default-route\"",
      "[{'name':'a','ips':['10.0.0.1'],'ipam-claim-reference':'c'}] | ipam-claim-reference"})
  void aJsonFormThatIsWrongIsRefusedWithTheElementAndTheKey(String value, String words) {
    assertThat(cause(value)).contains(words);
  }

  @Test
  void whatIsNestedWithoutEndIsRefused() {
    assertThat(cause("[".repeat(100_000))).contains("nested too deeply");
  }
}
