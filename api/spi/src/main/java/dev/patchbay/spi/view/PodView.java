package dev.patchbay.spi.view;

import dev.patchbay.spi.ImplementedByRuntime;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The pod that an attachment is for, as the container runtime names it.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface PodView {
  /**
   * {@return its namespace; empty if the caller named no pod ({@code ctr}, say)}
   */
  String namespace();

  /**
   * {@return its name; empty if the caller named no pod}
   */
  String name();

  /**
   * {@return its uid; empty if the caller did not say}
   */
  String uid();

  /**
   * {@return the pod's object; empty if it can't be read, or is another pod of the same name by its uid}
   */
  Optional<ObjectView> object();
}
