package dev.patchbay.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts and constants written here are those of the C compiler. */
class StructLayoutTest {
  private static final Map<String, StructLayout> LAYOUTS = Map.of(
      "sockaddr_un", NativeSockets.SOCKADDR_UN, "ucred", NativeSockets.UCRED, "epoll_event", EpollEvents.EVENT,
      "iovec", ReceivedMessage.IOVEC, "msghdr", ReceivedMessage.MSGHDR, "cmsghdr", ReceivedMessage.CMSGHDR);

  @TempDir Path folder;

  @Test
  void layoutsAndConstantsAreThoseOfTheCompiler() throws Exception {
    Process process = new ProcessBuilder(CompiledC.compile("layouts", folder).toString()).start();
    Map<String, Long> compiled = new HashMap<>();
    for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
      compiled.put(line.substring(0, line.indexOf('=')), Long.valueOf(line.substring(line.indexOf('=') + 1)));
    }
    assertThat(process.waitFor()).isZero();
    assertThat(compiled).hasSizeGreaterThan(40);
    for (Map.Entry<String, Long> one : compiled.entrySet()) {
      assertThat(written(one.getKey())).as(one.getKey()).isEqualTo(one.getValue());
    }
  }

  private static StructLayout layout(String name) {
    return Objects.requireNonNull(LAYOUTS.get(name), name);
  }

  private static long written(String name) throws ReflectiveOperationException {
    if (name.startsWith("sizeof(")) {
      return layout(name.substring(7, name.length() - 1)).byteSize();
    }
    int dot = name.indexOf('.');
    if (dot > 0) {
      return layout(name.substring(0, dot)).byteOffset(PathElement.groupElement(name.substring(dot + 1)));
    }
    Class<?> owner = name.equals("SCM_RIGHTS") ? ReceivedMessage.class : NativeSockets.class;
    Field constant = owner.getDeclaredField(name);
    constant.setAccessible(true);
    return constant.getInt(null);
  }
}
