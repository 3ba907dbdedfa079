package dev.patchbay.tck.view;

import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.view.ObjectView;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A request for admission.
 *
 * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
 * @param user the user that asks
 * @param object the object as it would be; empty for a deletion
 * @param old the object as it is; empty for a creation
 * @param own whether it is the controller itself that asks
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestAdmissionRequest(String operation, String user, Optional<ObjectView> object, Optional<ObjectView> old,
    boolean own)
    implements AdmissionPlanner.Request {
  /**
   * {@return a creation}
   * @param user the user that asks
   * @param object the object
   */
  public static TestAdmissionRequest creation(String user, ObjectView object) {
    return new TestAdmissionRequest("CREATE", user, Optional.of(object), Optional.empty(), false);
  }

  /**
   * {@return an update}
   * @param user the user that asks
   * @param old the object as it is
   * @param object the object as it would be
   */
  public static TestAdmissionRequest update(String user, ObjectView old, ObjectView object) {
    return new TestAdmissionRequest("UPDATE", user, Optional.of(object), Optional.of(old), false);
  }

  /**
   * {@return a deletion}
   * @param user the user that asks
   * @param old the object as it is
   */
  public static TestAdmissionRequest deletion(String user, ObjectView old) {
    return new TestAdmissionRequest("DELETE", user, Optional.empty(), Optional.of(old), false);
  }

  /**
   * {@return the same request, by the controller itself}
   */
  public TestAdmissionRequest fromController() {
    return new TestAdmissionRequest(operation, user, object, old, true);
  }
}
