package dev.patchbay.netlink;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * An error number of the kernel, with its name and meaning.
 *
 * @param number positive, as in {@code errno}
 * @param name symbolic name, for example {@code EEXIST}; {@code errno N} when the number is not known
 * @param meaning the C library's words for it
 */
public record Errno(int number, String name, String meaning) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Map<Integer, Errno> KNOWN = known();

  public static final Errno EPERM = of(1);
  public static final Errno ENOENT = of(2);
  public static final Errno ESRCH = of(3);
  public static final Errno EINTR = of(4);
  public static final Errno EAGAIN = of(11);
  public static final Errno EBUSY = of(16);
  public static final Errno EEXIST = of(17);
  public static final Errno ENODEV = of(19);
  public static final Errno EINVAL = of(22);
  public static final Errno EMSGSIZE = of(90);
  public static final Errno EOPNOTSUPP = of(95);
  public static final Errno EADDRNOTAVAIL = of(99);
  public static final Errno ENOBUFS = of(105);

  /**
   * Returns the error of a number.
   *
   * @param number positive
   */
  public static Errno of(int number) {
    Errno known = KNOWN.get(number);
    return known != null ? known : new Errno(number, "errno " + number, "unknown error");
  }

  /** Name and meaning, for example {@code EEXIST (File exists)}. */
  @Override
  public String toString() {
    return name + " (" + meaning + ")";
  }

  private static Map<Integer, Errno> known() {
    Map<Integer, Errno> table = new HashMap<>();
    ErrnoTable.TEXT
        .lines()
        .forEach(
            line -> {
              String[] parts = line.split(" ", 3);
              int number = Integer.parseInt(parts[0]);
              table.put(number, new Errno(number, parts[1], parts[2]));
            });
    return Map.copyOf(table);
  }
}
