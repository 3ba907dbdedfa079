package dev.patchbay.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** SHA-256 digests of module files. */
final class Digests {
  private Digests() {}

  /**
   * Of a file, the digest of its bytes; of a directory, that of what {@code LC_ALL=C sha256sum *} prints in it (with the
   * files of folders in it by their path).
   */
  static String of(Path file) throws IOException {
    if (!Files.isDirectory(file)) {
      return ofBytes(file);
    }
    Map<String, String> lines = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(file)) {
      for (Path each : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
        lines.put(file.relativize(each).toString(), ofBytes(each));
      }
    }
    MessageDigest digest = sha256();
    lines.forEach((name, hex) -> digest.update((hex + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String ofBytes(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256 (java.security.MessageDigest), this one has not", e);
    }
  }
}
