package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.controller.AdmissionSettings;
import dev.patchbay.controller.Admissions;
import java.util.List;

/**
 * Admission with certificates of its own.
 */
public final class OwnAdmissions implements Admissions {
  /**
   * For the service loader.
   */
  public OwnAdmissions() {}

  @Override
  public Admission open(AdmissionSettings settings, List<Asked> asked, Surroundings surroundings) {
    return new RunningAdmission(settings, asked, surroundings);
  }
}
