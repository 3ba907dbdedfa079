package dev.patchbay.spi.eni;

import org.apiguardian.api.API;

/**
 * What defines a lane. Node and cluster planners see it, so that one mode can follow another's lane without knowing the
 * mode: branches, say, take their subnet from the origin of the lane that their pod would otherwise draw from.
 *
 * @param kind {@code Node} for the node's own primary interface, else the kind of the defining object, {@code ENIConfig} say
 * @param name the object's name; empty for {@code Node}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LaneOrigin(String kind, String name) {
  /** The node's own primary interface: its subnet and its security groups. */
  public static final LaneOrigin NODE = new LaneOrigin("Node", "");

  @Override
  public String toString() {
    return name.isEmpty() ? kind : kind + " " + name;
  }
}
