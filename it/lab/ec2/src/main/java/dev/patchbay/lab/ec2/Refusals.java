package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.util.HashMap;
import java.util.Map;

/**
 * EC2's refusals by code, for whoever has a code alone: status and wording class (EC2 developer guide, "Error codes for the
 * Amazon EC2 API"). Codes that are not here are client errors with a message that says no more than the code.
 */
final class Refusals {
  private static final Map<String, Ec2Error> KNOWN = new HashMap<>();

  static {
    add(401, "AuthFailure", "AWS was not able to validate the provided access credentials");
    add(403, "Blocked", "This account is currently blocked. Please contact Support.");
    add(403, "OptInRequired", "You are not subscribed to this service.");
    add(403, "PendingVerification", "Your account is currently being verified.");
    add(403, "UnauthorizedOperation", "You are not authorized to perform this operation.");
    add(400, "RequestExpired", "Request has expired.");
    add(400, "AttachmentLimitExceeded", "Interface count exceeds the limit for the instance type.");
    add(400, "ConcurrentTagAccess", "Concurrent tag access. Please try again.");
    add(400, "DependencyViolation", "The resource has a dependent object.");
    add(400, "IdempotentParameterMismatch", "The client token you have provided was used with other parameters.");
    add(400, "IncorrectInstanceState", "The instance is not in a state that allows this.");
    add(400, "IncorrectState", "The resource is not in a state that allows this.");
    add(
        400,
        "InsufficientCidrBlocks",
        "The specified subnet does not have enough free cidr blocks to satisfy the request.");
    add(
        400,
        "InsufficientFreeAddressesInSubnet",
        "The specified subnet does not have enough free addresses to satisfy the request.");
    add(400, "InvalidAssociationID.NotFound", "The association ID does not exist");
    add(400, "InvalidAttachmentID.NotFound", "The networkInterface attachment ID does not exist");
    add(400, "InvalidGroup.NotFound", "The security group does not exist");
    add(400, "InvalidIPAddress.InUse", "Address is in use.");
    add(400, "InvalidInstanceID.NotFound", "The instance ID does not exist");
    add(400, "InvalidNetworkInterface.InUse", "Interface is in use.");
    add(400, "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID does not exist");
    add(400, "InvalidParameterValue", "A value is not valid for a parameter.");
    add(400, "InvalidSubnetID.NotFound", "The subnet ID does not exist");
    add(400, "InvalidVpcID.NotFound", "The vpc ID does not exist");
    add(400, "NetworkInterfaceLimitExceeded", "The maximum number of network interfaces has been reached.");
    add(400, "OperationNotPermitted", "The operation is not permitted.");
    add(400, "PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.");
    add(400, "ResourceLimitExceeded", "A resource limit has been reached.");
    add(
        400,
        "SecurityGroupsPerInterfaceLimitExceeded",
        "The maximum number of security groups per interface has been reached.");
    add(400, "TagLimitExceeded", "The maximum number of tags for a resource has been reached.");
    add(400, "UnsupportedOperation", "The operation is not supported.");
    add(503, "RequestLimitExceeded", "Request limit exceeded.");
    add(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");
    add(503, "Unavailable", "The service is unavailable. Please try again shortly.");
    add(500, "InsufficientAddressCapacity", "Not enough addresses are available.");
    add(500, "InsufficientInstanceCapacity", "Not enough capacity is available.");
    add(500, "InternalError", "An internal error has occurred");
    add(500, "InternalFailure", "The request processing has failed because of an unknown error.");
  }

  private Refusals() {}

  private static void add(int status, String code, String message) {
    KNOWN.put(code, new Ec2Error(status, code, message));
  }

  /** The refusal with that code, a new one each time. */
  static Ec2Error of(String code) {
    return of(code, "");
  }

  /** The refusal with that code and, unless it is empty, that message. */
  static Ec2Error of(String code, String message) {
    Ec2Error known = KNOWN.get(code);
    int status = known == null ? 400 : known.status();
    String usual = known == null ? "The request failed with " + code + "." : known.text();
    return new Ec2Error(status, code, message.isEmpty() ? usual : message);
  }
}
