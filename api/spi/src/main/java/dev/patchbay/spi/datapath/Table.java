package dev.patchbay.spi.datapath;

import org.apiguardian.api.API;

/**
 * A routing table, by symbol; the runtime gives it a number.
 *
 * @param symbol {@code main}, {@code pods}, {@code eni:} and an interface's id, or {@code own:} and a name of the mode's own
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Table(String symbol) {
  /** The kernel's main table. */
  public static final Table MAIN = new Table("main");
  /** The table in which the node finds its pods. */
  public static final Table PODS = new Table("pods");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if it is no such symbol
   */
  public Table {
    if (!symbol.equals("main") && !symbol.equals("pods") && !symbol.matches("(eni|own):[A-Za-z0-9.-]{1,60}")) {
      throw new IllegalArgumentException("\"" + symbol + "\" is no table: main, pods, eni:ID or own:NAME");
    }
  }

  /**
   * {@return the table by which traffic leaves through an interface}
   * @param id the interface's id
   */
  public static Table ofEni(String id) {
    return new Table("eni:" + id);
  }

  /**
   * {@return a table of the mode's own}
   * @param name its name; two modes that use one name share the table
   */
  public static Table own(String name) {
    return new Table("own:" + name);
  }

  @Override
  public String toString() {
    return symbol;
  }
}
