package dev.patchbay.linux.datapath;

import dev.patchbay.linux.host.SysctlException;
import dev.patchbay.linux.host.Sysctls;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.Sysctl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sysctls of plans. */
final class SysctlElements {
  private SysctlElements() {}

  /** Sets them in their order, in one visit to the namespace. */
  static void set(Sysctls sysctls, List<Sysctl> wanted, Function<Device, Optional<String>> names) {
    Map<Sysctls.Key, String> values = new LinkedHashMap<>();
    for (Sysctl element : wanted) {
      values.put(key(element, names), element.value());
    }
    try {
      sysctls.set(values);
    } catch (SysctlException e) {
      throw new DatapathException(DatapathException.Code.SYSCTL_REFUSED, null, Refusals.words(e),
          "Correct the plan, or give the kernel what it lacks.", e);
    }
  }

  static Sysctls.Key key(Sysctl element, Function<Device, Optional<String>> names) {
    try {
      return new Sysctls.Key(element.key(), element.device().map(d -> names.apply(d)
          .orElseThrow(() -> Compiler.missing(element, element.space(), d))).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new DatapathException(DatapathException.Code.PLAN_INVALID, element, Refusals.words(e), "Correct the plan.", e);
    }
  }
}
