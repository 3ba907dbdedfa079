package dev.patchbay.netlink.route;

import dev.patchbay.netlink.MessageWriter;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.FibRuleHdr;
import dev.patchbay.netlink.sys.RouteConstants;

/** Writes a rule. */
record RuleRequest(String verb, Rule rule, int type, int flags) implements Request {
  @Override
  public void encode(MessageWriter writer) {
    int table = rule.table();
    writer.begin(type, flags);
    int header = writer.header(FibRuleHdr.SIZE);
    FibRuleHdr.write(
        writer.memory(),
        header,
        rule.family().number(),
        rule.to().length(),
        rule.from().length(),
        0,
        table > 0 && table < 256 ? table : RouteConstants.RT_TABLE_UNSPEC,
        rule.action().number(),
        rule.invert() ? RouteConstants.FIB_RULE_INVERT : 0);
    writer.putU32(RouteConstants.FRA_PRIORITY, rule.priority());
    if (table != 0) {
      writer.putU32(RouteConstants.FRA_TABLE, table);
    }
    if (rule.from().length() > 0) {
      writer.putAddress(RouteConstants.FRA_SRC, rule.from().address());
    }
    if (rule.to().length() > 0) {
      writer.putAddress(RouteConstants.FRA_DST, rule.to().address());
    }
    if (!rule.inputLink().isEmpty()) {
      writer.putString(RouteConstants.FRA_IIFNAME, rule.inputLink());
    }
    if (!rule.outputLink().isEmpty()) {
      writer.putString(RouteConstants.FRA_OIFNAME, rule.outputLink());
    }
    if (rule.mask() != 0) {
      writer.putU32(RouteConstants.FRA_FWMARK, rule.mark());
      writer.putU32(RouteConstants.FRA_FWMASK, rule.mask());
    }
    if (rule.suppressPrefixLength() >= 0) {
      writer.putU32(RouteConstants.FRA_SUPPRESS_PREFIXLEN, rule.suppressPrefixLength());
    }
    writer.putU8(RouteConstants.FRA_PROTOCOL, rule.protocol());
  }

  @Override
  public String describe() {
    return verb + rule.family() + " rule " + rule;
  }
}
