package dev.patchbay.core.needs;

import dev.patchbay.spi.Code;

/** The codes of needs that are not met. Numbers never change. An EC2 action that is denied has the code of every denial by EC2. */
public final class NeedCodes {
  /** The API server does not let Patchbay do what it must. */
  public static final Code RULE_MISSING = Code.of(322, "RuleMissing");
  /** The kernel lacks a feature. */
  public static final Code KERNEL_FEATURE_MISSING = Code.of(440, "KernelFeatureMissing");
  /** The kernel has no such sysctl. */
  public static final Code SYSCTL_MISSING = Code.of(441, "SysctlMissing");
  /** A sysctl of the node has another value than it must. */
  public static final Code SYSCTL_WRONG = Code.of(442, "SysctlWrong");

  private NeedCodes() {}
}
