package dev.patchbay.lab.vpc;

import java.util.HexFormat;
import java.util.SplittableRandom;

/** Ids and MAC addresses, the same for the same seed and order of operations. Used under the model's lock. */
final class Ids {
  private final SplittableRandom random;

  Ids(long seed) {
    random = new SplittableRandom(seed);
  }

  /** An id of EC2's longer form: 17 hexadecimal digits. */
  String next(String prefix) {
    return prefix + "0" + HexFormat.of().toHexDigits(random.nextLong());
  }

  String mac() {
    byte[] bytes = new byte[6];
    random.nextBytes(bytes);
    bytes[0] = 2;
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }

  SplittableRandom random() {
    return random;
  }
}
