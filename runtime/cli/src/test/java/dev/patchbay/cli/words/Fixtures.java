package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Daemon;
import dev.patchbay.cli.daemon.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a daemon said on a node of the lab: with a node that is well, and with one that is not. Ids and paths were made tidy by hand.
 */
public final class Fixtures {
  private Fixtures() {}

  /** A file of this package. */
  public static String text(String name) {
    try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Json json(String text) {
    return Json.value(text).orElseThrow();
  }

  /** Three pods, one address that cools down, an interface that is left alone; pods wait or were refused in {@code trouble.json}. */
  public static Report report(String name) {
    return new Report(json(text(name)));
  }

  /** A daemon that found everything in the kernel. */
  public static Daemon.Answer daemon(String path) {
    return new Daemon.Answer.Given(json(text(path.startsWith("/v1/kernel/node") ? "node.json" : "attachment.json")));
  }
}
