package dev.patchbay.launch;

import dev.patchbay.spi.Code;

/** The codes of what can be wrong with module files and with the installation. */
public final class LaunchCodes {
  /** The file does not exist or can't be read. */
  public static final Code MODULE_MISSING = Code.of(130, "ModuleMissing");
  /** The file is no jar of a module, or holds no mode. */
  public static final Code MODULE_INVALID = Code.of(131, "ModuleInvalid");
  /** The file is not the one that the configuration pins. */
  public static final Code MODULE_ALTERED = Code.of(132, "ModuleAltered");
  /** The file carries a module that belongs to the runtime, the SPI or the JDK. */
  public static final Code MODULE_FOREIGN = Code.of(133, "ModuleForeign");
  /** The module needs another one that is not there. */
  public static final Code MODULE_INCOMPLETE = Code.of(134, "ModuleIncomplete");
  /** The module was compiled against another version of the SPI. */
  public static final Code MODULE_INCOMPATIBLE = Code.of(135, "ModuleIncompatible");
  /** The module does what a mode must not do: clocks, randomness, threads, I/O and so on. */
  public static final Code MODULE_IMPURE = Code.of(136, "ModuleImpure");
  /** Two modules provide modes of one name. */
  public static final Code MODE_TWICE = Code.of(137, "ModeTwice");
  /** The provider failed when it was asked what it is. */
  public static final Code MODULE_BROKEN = Code.of(138, "ModuleBroken");

  private LaunchCodes() {}
}
