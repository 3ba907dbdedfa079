package dev.patchbay.spi.datapath;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A network device, by name or by the interface that it is.
 *
 * @param text {@code name:} and the device's name, or {@code eni:} and the interface's id
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Device(String text) {
  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if it has neither form
   */
  public Device {
    if (!text.startsWith("name:") && !text.startsWith("eni:")) {
      throw new IllegalArgumentException("\"" + text + "\" names no device; it starts with name: or eni:");
    }
  }

  /**
   * {@return the device of that name, in the namespace of the element that names it}
   * @param name the name
   */
  public static Device named(String name) {
    return new Device("name:" + name);
  }

  /**
   * {@return the device that an interface of the instance is, in the node's namespace}
   * @param id the interface's id
   */
  public static Device ofEni(String id) {
    return new Device("eni:" + id);
  }

  /**
   * {@return the device's name, if it is meant by name}
   */
  public Optional<String> name() {
    return text.startsWith("name:") ? Optional.of(text.substring(5)) : Optional.empty();
  }

  /**
   * {@return the interface's id, if that is meant}
   */
  public Optional<String> eni() {
    return text.startsWith("eni:") ? Optional.of(text.substring(4)) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
