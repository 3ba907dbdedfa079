package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * A mode can't work with the settings that it was given. The runtime adds file and line.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String setting;
  private final String remedy;

  /**
   * Says which setting is wrong.
   *
   * @param setting the setting's name
   * @param cause what is wrong with its value, as a sentence
   * @param remedy what to write instead, as a sentence
   */
  public SettingException(String setting, String cause, String remedy) {
    super(cause);
    this.setting = setting;
    this.remedy = remedy;
  }

  /**
   * {@return the setting's name}
   */
  public String setting() {
    return setting;
  }

  /**
   * {@return what to write instead}
   */
  public String remedy() {
    return remedy;
  }
}
