package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;

/** The one action of STS that the lab has, by which people look whose credentials they have (AWS STS API reference, GetCallerIdentity). */
final class CallerIdentity {
  static final String SERVICE = "sts";
  private static final String VERSION = "2011-06-15";

  private CallerIdentity() {}

  /** Says who asks; every caller may know. */
  static String answer(Form form, String requestId, String account, Caller caller) {
    String action = form.get("Action").orElse("");
    if (!action.equals("GetCallerIdentity")) {
      throw new Ec2Error("InvalidAction", "Could not find operation " + action + " for version " + VERSION);
    }
    // As EC2 names the caller in its refusals; the session of an instance is its id.
    String role = caller.name();
    return XmlEncoder.callerIdentity(
        requestId, account, "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + role, "AROALAB:" + role);
  }
}
