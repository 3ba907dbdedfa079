package dev.patchbay.lab.vpc;

/** Which of the free addresses of a subnet are given out. EC2 promises nothing about it. */
public enum Placement {
  /** The lowest free ones: easy to read, and an address that was just given back is soon in use again. */
  LOWEST,
  /** Anywhere, by the model's seed: fragments a subnet for prefixes as years of use do. */
  SCATTERED
}
