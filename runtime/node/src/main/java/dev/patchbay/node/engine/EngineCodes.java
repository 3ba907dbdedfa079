package dev.patchbay.node.engine;

import dev.patchbay.spi.Code;

/** The codes of the daemon's own. Numbers never change. */
public final class EngineCodes {
  /** Something of the ledger was lost, and rebuilt. */
  public static final Code LEDGER_REBUILT = Code.of(476, "LedgerRebuilt");

  static final Code NETNS_UNUSABLE = Code.of(480, "NetnsUnusable");
  static final Code DEVIATES = Code.of(481, "NetworkDeviates");
  static final Code KERNEL_FAULT = Code.of(482, "KernelFault");

  static final Code RESULT_UNTELLABLE = Code.of(483, "ResultUntellable");

  /** A plugin that every pod needs says that it is not ready. */
  static final Code PLUGIN_NOT_READY = Code.of(484, "PluginNotReady");
  /** A plugin could not remove what is left of pods that are gone. */
  static final Code PLUGIN_KEEPS_LEFTOVERS = Code.of(485, "PluginKeepsLeftovers");

  private EngineCodes() {}
}
