package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.FibRuleHdr;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;

/** Asks for the rules of a family. */
record RuleQuery(Family family) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    writer.begin(RouteConstants.RTM_GETRULE, NetlinkConstants.NLM_F_DUMP);
    int header = writer.header(FibRuleHdr.SIZE);
    FibRuleHdr.write(writer.memory(), header, family.number(), 0, 0, 0, 0, 0, 0);
  }

  @Override
  public String describe() {
    return "list " + family + " rules";
  }
}
