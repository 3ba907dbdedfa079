package dev.patchbay.node.engine;

import dev.patchbay.spi.Code;

/** The codes of the daemon's own. Numbers never change. */
final class EngineCodes {
  static final Code NETNS_UNUSABLE = Code.of(480, "NetnsUnusable");
  static final Code DEVIATES = Code.of(481, "NetworkDeviates");
  static final Code KERNEL_FAULT = Code.of(482, "KernelFault");

  static final Code RESULT_UNTELLABLE = Code.of(483, "ResultUntellable");

  private EngineCodes() {}
}
