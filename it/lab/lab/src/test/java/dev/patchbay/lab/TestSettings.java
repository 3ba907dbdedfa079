package dev.patchbay.lab;

/** Settings of labs without a daemon, which need no installation. */
public final class TestSettings {
  private TestSettings() {}

  public static LabSettings empty(String name) {
    return LabSettings.empty(name);
  }
}
