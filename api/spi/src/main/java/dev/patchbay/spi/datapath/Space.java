package dev.patchbay.spi.datapath;

import org.apiguardian.api.API;

/**
 * In which network namespace something is.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Space {
  /** The node's. */
  HOST,
  /** The pod's. */
  POD
}
