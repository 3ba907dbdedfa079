package dev.patchbay.linux.host;

import dev.patchbay.netlink.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The sysctls below {@code net} of one network namespace, by way of {@code /proc/sys/net}, which shows those of the calling thread's
 * namespace. Thread-safe; for platform threads.
 */
public final class Sysctls {
  private static final Path ROOT = Path.of("/proc/sys");
  /** Stands for a device's name in a key; names may have dots themselves. */
  public static final String DEVICE = "DEVICE";

  private final Optional<Netns> elsewhere;

  private Sysctls(Optional<Netns> elsewhere) {
    this.elsewhere = elsewhere;
  }

  /**
   * {@return the sysctls of the process's own namespace}
   */
  public static Sysctls own() {
    return new Sysctls(Optional.empty());
  }

  /**
   * {@return the sysctls of a namespace}
   * @param namespace the namespace; must stay open as long as this is used
   */
  public static Sysctls of(Netns namespace) {
    try (Netns current = Netns.current()) {
      return current.equals(namespace) ? own() : new Sysctls(Optional.of(namespace));
    }
  }

  /**
   * One sysctl.
   *
   * @param key the key with dots, {@code net.ipv4.ip_forward} say; {@link #DEVICE} in it stands for the device's name
   * @param device the device's name; empty for none
   */
  public record Key(String key, String device) {
    /**
     * Checks the key.
     *
     * @throws IllegalArgumentException if it is not below {@code net}, or is no key
     */
    public Key {
      if (!key.startsWith("net.") || !key.matches("[A-Za-z0-9_.-]+") || key.contains("..")) {
        throw new IllegalArgumentException("\"" + key + "\" is no sysctl below net; write it like net.ipv4.ip_forward");
      }
      if (key.contains(DEVICE) == device.isEmpty() || device.contains("/") || device.equals(".") || device.equals("..")) {
        throw new IllegalArgumentException("\"" + key + "\" and the device \"" + device + "\" do not go together");
      }
    }

    /**
     * {@return the key of a sysctl that is no device's}
     * @param key the key with dots
     */
    public static Key of(String key) {
      return new Key(key, "");
    }

    Path path() {
      return ROOT.resolve(key.replace('.', '/').replace(DEVICE, device));
    }

    @Override
    public String toString() {
      return key.replace(DEVICE, device);
    }
  }

  /**
   * Reads one.
   *
   * @param key which
   * @return its value, words separated by single spaces; empty if the kernel has no such sysctl
   * @throws SysctlException if it can't be read
   */
  public Optional<String> get(Key key) {
    return inside(() -> read(key));
  }

  /**
   * Sets several in one visit to the namespace, in their order.
   *
   * @param values the values by key
   * @throws SysctlException at the first that can't be set, {@link SysctlException#isMissing()} if the kernel has none of that name
   */
  public void set(Map<Key, String> values) {
    if (!values.isEmpty()) {
      inside(() -> {
        values.forEach(Sysctls::write);
        return true;
      });
    }
  }

  /**
   * Sets one.
   *
   * @param key which
   * @param value its value
   * @throws SysctlException if it can't be set
   */
  public void set(Key key, String value) {
    set(Map.of(key, value));
  }

  /**
   * Compares with what is wanted.
   *
   * @param wanted the values by key
   * @return those that differ, in the order of the map
   * @throws SysctlException if one can't be read
   */
  public List<Difference> differences(Map<Key, String> wanted) {
    return inside(() -> wanted.entrySet().stream().map(e -> new Difference(e.getKey(), words(e.getValue()), read(e.getKey())))
        .filter(d -> !d.found().equals(Optional.of(d.wanted()))).toList());
  }

  /**
   * A sysctl that is not as it should be.
   *
   * @param key which
   * @param wanted the value that it should have
   * @param found the value that it has; empty if the kernel has no such sysctl
   */
  public record Difference(Key key, String wanted, Optional<String> found) {
    @Override
    public String toString() {
      return key + " is " + found.orElse("missing") + " and should be " + wanted;
    }
  }

  private <T> T inside(Supplier<T> task) {
    return elsewhere.isPresent() ? elsewhere.get().call(task::get) : task.get();
  }

  private static Optional<String> read(Key key) {
    try {
      return Optional.of(words(Files.readString(key.path())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SysctlException("read", key, "", e);
    }
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static void write(Key key, String value) {
    try {
      // Not truncating: some sysctls read what is written in one piece only, and all ignore the file's length.
      Files.write(key.path(), (value + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
          java.nio.file.StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new SysctlException("set", key, value, e);
    }
  }
}
