package dev.patchbay.netlink.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.patchbay.netlink.Errno;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a C compiler and the headers of the machine for every size, offset and value that this module relies on. */
class KernelHeadersTest {
  private static final List<StructLayout> STRUCTS =
      List.of(
          NlMsgHdr.LAYOUT,
          NlAttr.LAYOUT,
          SockAddrNl.LAYOUT,
          IfInfoMsg.LAYOUT,
          IfAddrMsg.LAYOUT,
          RtMsg.LAYOUT,
          FibRuleHdr.LAYOUT,
          NdMsg.LAYOUT,
          RtGenMsg.LAYOUT,
          NfGenMsg.LAYOUT,
          PollFd.LAYOUT,
          Statx.LAYOUT);

  private static final List<Class<?>> CONSTANTS = 
      List.of(NetlinkConstants.class, RouteConstants.class, NftConstants.class, ConntrackConstants.class);

  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <stddef.h>
      #include <stdio.h>
      #include <string.h>
      #include <fcntl.h>
      #include <poll.h>
      #include <sched.h>
      #include <sys/eventfd.h>
      #include <sys/mount.h>
      #include <sys/socket.h>
      #include <linux/stat.h>
      #include <linux/nsfs.h>
      #include <linux/netlink.h>
      #include <linux/rtnetlink.h>
      #include <linux/net_namespace.h>
      #include <linux/if.h>
      #include <linux/if_link.h>
      #include <linux/if_addr.h>
      #include <linux/if_ether.h>
      #include <linux/fib_rules.h>
      #include <linux/neighbour.h>
      #include <linux/veth.h>
      #include <linux/ip.h>
      #include <linux/netfilter.h>
      #include <linux/netfilter_ipv4.h>
      #include <linux/netfilter/nfnetlink.h>
      #include <linux/netfilter/nf_tables.h>
      #include <linux/netfilter/nf_tables_compat.h>
      #include <linux/netfilter/nf_nat.h>
      #include <linux/netfilter/nfnetlink_conntrack.h>
      """;

  @TempDir private Path directory;

  @Test
  void structsAreLaidOutAsInC() throws Exception {
    Map<String, Long> expected = new TreeMap<>();
    StringBuilder body = new StringBuilder();
    for (StructLayout struct : STRUCTS) {
      String name = struct.name().orElseThrow();
      expected.put(name, struct.byteSize());
      body.append("printf(\"%s %zu\\n\", \"").append(name).append("\", sizeof(struct ").append(name).append("));\n");
      for (MemoryLayout member : struct.memberLayouts()) {
        if (member instanceof ValueLayout && member.name().isPresent()) {
          String path = name + "." + member.name().get();
          long offset = struct.byteOffset(MemoryLayout.PathElement.groupElement(member.name().get()));
          expected.put(path, offset);
          expected.put(path + "#", member.byteSize());
          body.append("printf(\"%s %zu\\n%s# %zu\\n\", \"").append(path).append("\", offsetof(struct ").append(name)
              .append(", ").append(member.name().get()).append("), \"").append(path).append("\", sizeof(((struct ").append(name)
              .append(" *)0)->").append(member.name().get()).append("));\n");
        }
      }
    }
    assertThat(numbers(compileAndRun(body.toString()))).containsExactlyEntriesOf(expected).hasSizeGreaterThan(80);
  }

  @Test
  void constantsHaveTheValuesOfTheHeaders() throws Exception {
    Map<String, Long> expected = new TreeMap<>();
    StringBuilder body = new StringBuilder();
    for (Class<?> constants : CONSTANTS) {
      for (Field field : constants.getDeclaredFields()) {
        if (field.getType() == int.class) {
          expected.put(field.getName(), (long) field.getInt(null));
          body.append("printf(\"%s %lld\\n\", \"").append(field.getName()).append("\", (long long) (int) (")
              .append(field.getName()).append("));\n");
        }
      }
    }
    assertThat(numbers(compileAndRun(body.toString()))).containsExactlyEntriesOf(expected).hasSizeGreaterThan(150);
  }

  @Test
  void errorsHaveTheNamesAndMeaningsOfTheLibrary() throws Exception {
    String output =
        compileAndRun(
            """
            for (int e = 1; e < 134; e++)
              if (strerrorname_np(e)) printf("%d %s %s\\n", e, strerrorname_np(e), strerror(e));
            """);
    List<String> ours = new ArrayList<>();
    for (int number = 1; number < 134; number++) {
      Errno errno = Errno.of(number);
      if (!errno.name().startsWith("errno ")) {
        ours.add(number + " " + errno.name() + " " + errno.meaning());
      }
    }
    assertThat(ours).containsExactlyElementsOf(output.lines().toList()).hasSizeGreaterThan(120);
  }

  private static Map<String, Long> numbers(String output) {
    Map<String, Long> numbers = new TreeMap<>();
    output.lines().forEach(line -> numbers.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
    return numbers;
  }

  private String compileAndRun(String body) throws IOException, InterruptedException {
    Path source = directory.resolve("headers.c");
    Path program = directory.resolve("headers");
    Files.writeString(source, HEADERS + "int main(void) {\n" + body + "return 0;\n}\n");
    run("gcc", "-o", program.toString(), source.toString());
    return run(program.toString());
  }

  private static String run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    } catch (IOException missing) {
      return fail(
          "Can't run " + command[0] + "; install a C compiler and the kernel's headers: apt-get install gcc libc6-dev linux-libc-dev",
          missing);
    }
  }
}
