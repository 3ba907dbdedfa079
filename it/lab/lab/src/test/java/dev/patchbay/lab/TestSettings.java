package dev.patchbay.lab;

import java.nio.file.Path;

/** Settings of labs without a daemon, which need no installation. */
public final class TestSettings {
  private TestSettings() {}

  public static LabSettings empty(String name) {
    Path anything = Path.of("/bin/true");
    return LabSettings.of(name, Path.of("/"), anything, anything).withoutDaemons();
  }
}
