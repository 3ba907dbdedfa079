package dev.patchbay.linux.datapath;

import dev.patchbay.core.kernel.EniPath;
import dev.patchbay.spi.datapath.PolicyRule;
import dev.patchbay.spi.datapath.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The numbers that this datapath gives to what plans name by symbol, and the marks by which it knows its own. They are the same in
 * every version: a daemon must recognise what the one before it made.
 */
final class Numbers {
  /** Of the node's own routes, rules and addresses. Not among those that iproute2 lists in rt_protos, nor Calico's 80. */
  static final int NODE_PROTOCOL = 155;
  /** Of those of attachments. */
  static final int ATTACHMENT_PROTOCOL = 156;
  /** What stands for an attachment's key in the alias of a link that belongs to the node itself. */
  static final String NODE_KEY = "node";

  /** The group of links that are ours. */
  static final int GROUP = 0x70620001;
  /** The group of links that are about to be deleted together. */
  static final int DYING_GROUP = 0x70620002;

  static final String ALIAS_PREFIX = "patchbay:";

  static final int MAIN_TABLE = 254;
  static final int LOCAL_TABLE = 255;
  static final int PODS_TABLE = 20_000;
  /** Tables of modes' own names lie from here, told apart by 28 bits of a checksum of the name. */
  private static final int OWN_TABLES = 0x1000_0000;

  /** Pods are looked up before anything is sent out; aws-vpc-cni has its "to pod" rules at the same place. */
  static final int PODS_PRIORITY = 512;
  /** What the main table decides before interfaces do; aws-vpc-cni has its rules for external services here. */
  private static final int MAIN_FIRST_PRIORITY = 1535;
  /** By packet mark to the main table, for the primary interface; aws-vpc-cni has such a rule at 1024, and leaves this one free. */
  static final int PRIMARY_PRIORITY = 1025;
  /** By packet mark to the interface's table; aws-vpc-cni has its "from pod" rules here. */
  static final int EGRESS_PRIORITY = 1536;
  /** From an interface's own address to its table, just before main. */
  static final int OWN_ADDRESS_PRIORITY = 32_765;
  /** Where the kernel's first rule, which looks into the local table, goes while a mode needs rules before it. */
  static final int LOCAL_PRIORITY = 20;
  static final int FIRST_PRIORITY = 10;

  private static final int LOW_MARKS = 0x7e;
  private static final int HIGH_MARK = 0x1000;
  /** More interfaces than any instance type carries. */
  static final int MOST_INTERFACES = 127;

  /**
   * The bits of the packet mark that name an interface. Others mark the same packets and read their marks after us: aws-vpc-cni
   * has 0x80, Cilium 0xf00, portmap 0x2000, kube-proxy 0x4000 and 0x8000, Calico 0xffff0000. The lowest bit is nobody's, and
   * everybody's who writes a proxy. Six bits lie together; the seventh is for interfaces beyond the 63rd, which few types have
   * (trn1n.32xlarge carries 80).
   */
  static final int MARK_MASK = LOW_MARKS | HIGH_MARK;
  /** The bit of the connection mark that says "answered by the interface it came in by", as in aws-vpc-cni. */
  static final int RETURN_MARK = 0x80;

  private Numbers() {}

  /** The number of an interface in marks; 0 for the primary one. */
  static int mark(EniPath eni) {
    if (eni.primary()) {
      return 0;
    }
    if (eni.number() < 1 || eni.number() > MOST_INTERFACES) {
      throw new DatapathException(DatapathException.Code.PLAN_INVALID, "interface " + eni.id() + " is number " + eni.number() + " on the node,"
          + " and packet marks tell " + MOST_INTERFACES + " apart", "Attach fewer interfaces.");
    }
    return (eni.number() << 1 & LOW_MARKS) | (eni.number() > LOW_MARKS >> 1 ? HIGH_MARK : 0);
  }

  /** The kernel's main table, or one of a mode's own. */
  static int table(Table table) {
    if (table.equals(Table.MAIN)) {
      return MAIN_TABLE;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(table.symbol().getBytes(StandardCharsets.UTF_8));
    return OWN_TABLES | (int) (checksum.getValue() & 0x0fff_ffff);
  }

  static EniPath eni(String id, List<EniPath> enis) {
    return enis.stream().filter(e -> e.id().equals(id)).findFirst().orElseThrow(() -> new DatapathException(
        DatapathException.Code.ENI_UNKNOWN, "interface " + id + " is named and not described",
        "Describe every interface that a plan names beside it."));
  }

  static int priority(PolicyRule rule) {
    return switch (rule.band()) {
      case "first" -> FIRST_PRIORITY;
      case "claim" -> 500;
      case "egress" -> MAIN_FIRST_PRIORITY;
      case "last" -> 32_764;
      default -> throw new DatapathException(DatapathException.Code.PLAN_INVALID, rule,
          "there is no band \"" + rule.band() + "\"", "Use first, claim, egress or last.");
    };
  }

  /** The alias of a link of an attachment. A key also stands in comments of set elements, which have at most 128 bytes. */
  static String alias(String key) {
    if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > 128 || key.contains(":was=")) {
      throw new DatapathException(DatapathException.Code.PLAN_INVALID, "\"" + key + "\" can't be an attachment's key",
          "Use 1 to 128 bytes.");
    }
    return ALIAS_PREFIX + key;
  }
}
