package dev.patchbay.spi.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ImplementedByRuntime;
import dev.patchbay.spi.ObjectRef;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * An object of the Kubernetes API, at one moment.
 */
@ImplementedByRuntime
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ObjectView {
  /**
   * {@return its kind, namespace and name}
   */
  ObjectRef ref();

  /**
   * {@return its uid}
   */
  String uid();

  /**
   * {@return its resource version, for a patch that must not overwrite what it has not seen}
   */
  String resourceVersion();

  /**
   * {@return its labels}
   */
  Map<String, String> labels();

  /**
   * {@return its annotations}
   */
  Map<String, String> annotations();

  /**
   * {@return the object without its metadata: {@code spec}, {@code status} and so on; numbers with a fraction as text}
   */
  Fields content();
}
