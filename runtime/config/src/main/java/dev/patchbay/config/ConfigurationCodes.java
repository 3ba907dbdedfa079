package dev.patchbay.config;

import dev.patchbay.spi.Code;

/** The codes of mistakes in the configuration file; they stand in the log and in the process's last words. */
public final class ConfigurationCodes {
  /** The file is missing or may not be read. */
  public static final Code FILE_UNREADABLE = Code.of(110, "ConfigurationUnreadable");
  /** The file is no YAML, or uses YAML that Patchbay does not take. */
  public static final Code SYNTAX = Code.of(111, "ConfigurationSyntax");
  /** A key is not known. */
  public static final Code UNKNOWN_KEY = Code.of(112, "ConfigurationUnknownKey");
  /** A value has the wrong type. */
  public static final Code WRONG_TYPE = Code.of(113, "ConfigurationWrongType");
  /** A value is out of range or not well formed. */
  public static final Code WRONG_VALUE = Code.of(114, "ConfigurationWrongValue");
  /** A key stands twice in one place. */
  public static final Code DUPLICATE_KEY = Code.of(115, "ConfigurationDuplicateKey");
  /** A key that is needed is missing. */
  public static final Code MISSING_KEY = Code.of(116, "ConfigurationMissingKey");
  /** Two values don't fit together. */
  public static final Code CONFLICT = Code.of(117, "ConfigurationConflict");
  /** A mode is chosen that no module provides. */
  public static final Code UNKNOWN_MODE = Code.of(118, "ConfigurationUnknownMode");

  private ConfigurationCodes() {}
}
