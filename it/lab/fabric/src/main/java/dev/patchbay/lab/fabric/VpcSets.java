package dev.patchbay.lab.fabric;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.nft.DataType;
import dev.patchbay.netlink.nft.NftFamily;
import dev.patchbay.netlink.nft.NftSet;
import dev.patchbay.netlink.nft.NftTable;
import java.util.List;

/** The sets and maps of vpc.nft, by which ports and addresses are entered in its rules. */
final class VpcSets {
  static final NftTable TABLE = new NftTable(NftFamily.INET, "vpc");

  static final NftSet MACS = NftSet.of(TABLE, "macs", DataType.LINK_INDEX, DataType.MAC_ADDRESS);
  static final NftSet UNCHECKED = NftSet.of(TABLE, "unchecked", DataType.LINK_INDEX);
  static final NftSet TABLES = NftSet.map(TABLE, "tables", List.of(DataType.LINK_INDEX), List.of(DataType.MARK));
  static final NftSet LEAVING = NftSet.verdictMap(TABLE, "leaving", DataType.LINK_INDEX);
  static final NftSet ARRIVING = NftSet.verdictMap(TABLE, "arriving", DataType.LINK_INDEX);
  static final NftSet HOPS = NftSet.verdictMap(TABLE, "hops", DataType.LINK_INDEX);
  static final NftSet HAS_PUBLIC = NftSet.of(TABLE, "has_public", DataType.IPV4_ADDRESS);
  static final NftSet PUBLIC = NftSet.map(TABLE, "public", List.of(DataType.IPV4_ADDRESS), List.of(DataType.IPV4_ADDRESS));
  static final NftSet PRIVATE = NftSet.map(TABLE, "private", List.of(DataType.IPV4_ADDRESS), List.of(DataType.IPV4_ADDRESS));
  private static final NftSet OPEN_4 = NftSet.of(TABLE, "open4", DataType.LINK_INDEX);
  private static final NftSet OPEN_6 = NftSet.of(TABLE, "open6", DataType.LINK_INDEX);

  private VpcSets() {}

  /** Ports that the internet reaches. */
  static NftSet open(Family family) {
    return switch (family) {
      case IPV4 -> OPEN_4;
      case IPV6 -> OPEN_6;
    };
  }

  /** Ports that are in a security group. */
  static NftSet members(int group) {
    return NftSet.of(TABLE, "g" + group, DataType.LINK_INDEX);
  }
}
