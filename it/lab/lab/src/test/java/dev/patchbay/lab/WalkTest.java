package dev.patchbay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.control.Control;
import dev.patchbay.lab.fabric.Fabric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/lab-use.md do what the page says: nodes without our daemon, for somebody else's CNI. */
@Order(2)
class WalkTest {
  private static final Path PAGE = Path.of("../../../docs/lab-use.md");
  private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /** Lists what runs in the node's network, and what lies where it finds plugins. */
  private static final String LOOK =
      """
      patchbay lab exec node-0 -- sh -c '
        own=$(readlink /proc/self/ns/net)
        for process in /proc/[0-9]*; do
          [ "$(readlink $process/ns/net)" != "$own" ] || echo "runs $(tr "\\0" " " < $process/cmdline | head -c 60)"
        done
        ls "$CNI_PATH" | sed "s/^/plugin /"
        ip -brief address show eth0
        ip route show default'
      """;

  private final String name = "w" + ProcessHandle.current().pid();

  @AfterEach
  void down() {
    Control.down(name);
    assertThat(Fabric.existing()).doesNotContain(name);
    assertThat(Lab.folder(name)).doesNotExist();
  }

  private static List<String> blocks() throws IOException {
    return BLOCK.matcher(Files.readString(PAGE)).results().map((MatchResult block) -> block.group(1)).toList();
  }

  @Test
  void everyCommandOfThePageWorks(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(Shell.has("kubectl"), "kubectl is not on the PATH of this machine");
    Shell shell = new Shell(folder).with(PythonClients.programs());
    List<String> blocks = new ArrayList<>(blocks());
    assertThat(blocks).hasSize(8);
    blocks.add(1, LOOK);
    StringBuilder script = new StringBuilder("set -e -o pipefail\nexport PATCHBAY_LAB=$1\n");
    blocks.forEach(block -> script.append(block).append("echo '=== next'\n"));
    Shell.Printed printed = shell.run(script.toString(), name);
    assertThat(printed.exit()).as(printed.text()).isZero();
    String[] parts = printed.text().split("=== next\n", -1);
    assertThat(parts).hasSize(10);
    assertThat(parts[0]).contains("node-1  m5.large i-").doesNotContain("daemon");
    List<String> look = parts[1].lines().toList();
    assertThat(look.stream().filter(line -> line.startsWith("runs "))).allMatch(line -> line.startsWith("runs sh -c"));
    assertThat(look).noneMatch(line -> line.contains("patchbay-cni"));
    assertThat(parts[1]).contains("10.0.0.4/18").contains("default via 10.0.0.1 dev eth0");
    assertThat(parts[2]).contains("eth1").contains("3 received");
    assertThat(parts[3]).contains("Device \"eth1\" does not exist");
    assertThat(parts[5]).contains("default/web on node-0: 10.0.0.").contains("NAME").contains("3 received");
    assertThat(parts[6]).contains("gitVersion", "\"code\":403", "system:serviceaccount:default:default").doesNotContain("PodList");
    assertThat(parts[7]).contains("rolebinding.rbac.authorization.k8s.io/look created", "PodList", "200");
    assertThat(parts[8]).contains("AssignPrivateIpAddresses");
    assertThat(Files.readString(folder.resolve("calls.jsonl"))).contains("\"action\":\"DetachNetworkInterface\"");
    assertThat(Files.readString(folder.resolve("lab.svg"))).contains("data-id=\"default/web\"", "Amazon EKS");
  }
}
