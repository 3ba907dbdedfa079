package dev.patchbay.lab.kube.operations;

import java.util.ArrayList;
import java.util.List;

/** IPv6 addresses in the form of RFC 5952, as Kubernetes writes them and Java does not. */
final class Ipv6Text {
  private Ipv6Text() {}

  static String canonical(byte[] raw) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((raw[2 * i] & 0xff) << 8) | (raw[2 * i + 1] & 0xff);
    }
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < 8; start++) {
      int length = 0;
      while (start + length < 8 && groups[start + length] == 0) {
        length++;
      }
      if (length > bestLength) {
        bestStart = start;
        bestLength = length;
      }
    }
    if (bestStart < 0) {
      return join(groups, 0, 8);
    }
    return join(groups, 0, bestStart) + "::" + join(groups, bestStart + bestLength, 8);
  }

  private static String join(int[] groups, int from, int to) {
    List<String> parts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      parts.add(Integer.toHexString(groups[i]));
    }
    return String.join(":", parts);
  }
}
