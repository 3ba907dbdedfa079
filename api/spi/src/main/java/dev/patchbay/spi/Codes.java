package dev.patchbay.spi;

import org.apiguardian.api.API;

/**
 * The codes that more than one part of Patchbay uses. A mode may use them and add its own; the numbers never change.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Codes {
  /** The pod asks for something that contradicts itself or can't be. */
  public static final Code POD_INVALID = Code.of(300, "PodInvalid");
  /** An object that a mode needs does not exist. */
  public static final Code OBJECT_MISSING = Code.of(301, "ObjectMissing");
  /** An object that a mode needs exists, and is wrong. */
  public static final Code OBJECT_INVALID = Code.of(302, "ObjectInvalid");
  /** The API server can't be asked, and the pod must not start without an answer. */
  public static final Code OBJECT_UNREADABLE = Code.of(303, "ObjectUnreadable");
  /** What the pod waits for did not come in time. */
  public static final Code WAIT_EXPIRED = Code.of(304, "WaitExpired");
  /** Two modes claim one pod. */
  public static final Code CLAIMED_TWICE = Code.of(305, "ClaimedTwice");

  /** A setting has a value that the mode can't work with. */
  public static final Code SETTING_INVALID = Code.of(100, "SettingInvalid");
  /** The instance type can't do what the mode needs. */
  public static final Code INSTANCE_TYPE_UNSUITABLE = Code.of(101, "InstanceTypeUnsuitable");

  /** All addresses that the instance may carry are in use. */
  public static final Code INSTANCE_FULL = Code.of(200, "InstanceFull");
  /** The subnet has no free address. */
  public static final Code SUBNET_FULL = Code.of(201, "SubnetFull");
  /** The subnet has free addresses, but no free block of the size wanted. */
  public static final Code SUBNET_FRAGMENTED = Code.of(202, "SubnetFragmented");
  /** EC2 asks to slow down. */
  public static final Code CLOUD_THROTTLED = Code.of(203, "CloudThrottled");
  /** EC2 does not let this node do what is needed. */
  public static final Code CLOUD_DENIED = Code.of(204, "CloudDenied");
  /** EC2 refused the call for another reason. */
  public static final Code CLOUD_REFUSED = Code.of(205, "CloudRefused");
  /** EC2 or IMDS does not answer. */
  public static final Code CLOUD_UNREACHABLE = Code.of(206, "CloudUnreachable");
  /** No address came within the time that a pod may wait. */
  public static final Code ADDRESS_WAIT_EXPIRED = Code.of(207, "AddressWaitExpired");

  private Codes() {}
}
