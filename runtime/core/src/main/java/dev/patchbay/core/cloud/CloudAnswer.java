package dev.patchbay.core.cloud;

import dev.patchbay.spi.net.Cidr;
import java.util.List;

/**
 * How EC2 answered a {@link CloudCall}.
 */
public sealed interface CloudAnswer {
  /** The code of a failure that comes about before anything is sent: there are no credentials to sign a call with. */
  String NO_CREDENTIALS = "NoCredentials";

  /** It is done; the answer says no more. */
  record Done() implements CloudAnswer {}

  /**
   * An interface was made.
   *
   * @param eni the interface with its addresses
   */
  record Made(EniRecord eni) implements CloudAnswer {}

  /**
   * An interface was attached.
   *
   * @param attachmentId the attachment
   */
  record Attached(String attachmentId) implements CloudAnswer {}

  /**
   * Addresses or prefixes were assigned by this very call.
   *
   * @param units the addresses (as networks of one address) and prefixes
   */
  record Assigned(List<Cidr> units) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Assigned {
      units = List.copyOf(units);
    }
  }

  /**
   * Interfaces were found.
   *
   * @param enis the interfaces
   */
  record Interfaces(List<EniRecord> enis) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Interfaces {
      enis = List.copyOf(enis);
    }
  }

  /**
   * Subnets were found.
   *
   * @param subnets the subnets
   */
  record Subnets(List<SubnetRecord> subnets) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Subnets {
      subnets = List.copyOf(subnets);
    }
  }

  /**
   * Reservations were found.
   *
   * @param forPrefixes the ranges that are reserved for prefixes
   */
  record Reservations(List<Cidr> forPrefixes) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Reservations {
      forPrefixes = List.copyOf(forPrefixes);
    }
  }

  /**
   * Security groups were found.
   *
   * @param ids their ids, sorted
   */
  record Groups(List<String> ids) implements CloudAnswer {
    /**
     * Sorts the ids.
     */
    public Groups {
      ids = ids.stream().sorted().toList();
    }
  }

  /**
   * An instance type was found.
   *
   * @param type the type
   */
  record Type(InstanceTypeRecord type) implements CloudAnswer {}

  /**
   * Instances were found.
   *
   * @param instances the instances
   */
  record Instances(List<InstanceRecord> instances) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Instances {
      instances = List.copyOf(instances);
    }
  }

  /**
   * Associations of branches with trunks were found, or one was made.
   *
   * @param associations the associations
   */
  record Associations(List<AssociationRecord> associations) implements CloudAnswer {
    /**
     * Copies the list.
     */
    public Associations {
      associations = List.copyOf(associations);
    }
  }

  /**
   * The call failed.
   *
   * @param kind what that means for what comes next
   * @param code EC2's error code, or the name of what failed on the way
   * @param message EC2's words
   */
  record Failed(Kind kind, String code, String message) implements CloudAnswer {
    @Override
    public String toString() {
      return code + ": " + message;
    }
  }

  /** What a failure means. */
  enum Kind {
    /** EC2 asks to slow down; nothing was done. */
    THROTTLED,
    /** The node may not do this; nothing was done. */
    DENIED,
    /** The subnet has no free address; nothing was done. */
    SUBNET_FULL,
    /** The subnet has no free block of that size; nothing was done. */
    SUBNET_FRAGMENTED,
    /** The interface or the instance has no room; nothing was done. */
    LIMIT,
    /** What was named does not exist (or not yet: EC2 is eventually consistent); nothing was done. */
    NOT_FOUND,
    /** What was named is in a state that does not allow it; nothing was done. */
    STATE,
    /** EC2 refused for another reason; nothing was done. */
    REFUSED,
    /** No connection was made; nothing was done. */
    UNREACHABLE,
    /** The answer was lost: it may have been done. */
    UNKNOWN
  }
}
