package dev.patchbay.controller;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.core.objects.ClusterClient;
import dev.patchbay.core.view.ObjectIndex;
import dev.patchbay.spi.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the API server's questions, and sees to it that it asks. Provided as a service by a module of the cloud layer, behind which the
 * library stays that makes certificates.
 */
public interface Admissions {
  /**
   * Begins. Returns at once.
   *
   * @param settings how
   * @param asked what modes want to be asked about; if it is nothing, or nothing is answered, what was registered before is taken back
   * @param surroundings what it needs of the process
   * @return what goes on; the caller closes it
   */
  Admission open(AdmissionSettings settings, List<Asked> asked, Surroundings surroundings);

  /** What admission needs of the process that it runs in. For any thread. */
  interface Surroundings {
    /**
     * {@return the objects, as last seen; does not block}
     */
    ObjectIndex objects();

    /**
     * {@return whether this replica acts for the cluster; does not block}
     */
    boolean leads();

    /**
     * {@return the API server}
     */
    ClusterClient client();

    /**
     * Takes what the operator should know, or that it is over.
     *
     * @param about what it is about
     * @param finding what it is; empty if it is over
     */
    void told(String about, Optional<Finding> finding);
  }

  /** Admission that goes on. For any thread. */
  interface Admission extends AutoCloseable {
    /**
     * {@return why the API server should not ask this replica yet, as a sentence; empty if it may}
     */
    Optional<String> unready();

    /**
     * {@return how it stands, as values of JSON}
     */
    Map<String, Object> report();

    @Override
    void close();
  }
}
