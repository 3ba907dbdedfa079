package dev.patchbay.netlink.route;

import dev.patchbay.netlink.Family;
import dev.patchbay.netlink.IpPrefix;
import dev.patchbay.netlink.Request;
import dev.patchbay.netlink.sys.NetlinkConstants;
import dev.patchbay.netlink.sys.RouteConstants;
import java.util.Locale;
import java.util.Objects;

/**
 * A rule of policy routing (ip-rule(8)), to be made or as dumped.
 *
 * @param family of the packets it looks at
 * @param priority 0 to 2^32-1 as the bits of an int; rules are tried in rising order
 * @param action what happens to a packet that matches
 * @param table where it is looked up, for {@link Action#LOOKUP}; else 0
 * @param from matches the source; a prefix of length 0 matches all
 * @param to matches the destination; a prefix of length 0 matches all
 * @param inputLink name of the interface it came in by, or empty for all; {@code lo} is what local sockets send
 * @param outputLink name of the interface a socket is bound to, or empty for all
 * @param mark compared with the packet's mark after the mask
 * @param mask of the mark; 0 matches all
 * @param invert whether the rule is for packets that do not match
 * @param suppressPrefixLength results with at most this prefix length don't count; -1 for none. 0 leaves out default routes
 * @param protocol who made it, 0 to 255 ({@code FRA_PROTOCOL}): a mark of ownership
 */
public record Rule(
    Family family,
    int priority,
    Action action,
    int table,
    IpPrefix from,
    IpPrefix to,
    String inputLink,
    String outputLink,
    int mark,
    int mask,
    boolean invert,
    int suppressPrefixLength,
    int protocol) {
  /** What a rule does. */
  public enum Action {
    LOOKUP(RouteConstants.FR_ACT_TO_TBL),
    /** On to another rule; shown, but without its target, and so not to be made here. */
    GOTO(RouteConstants.FR_ACT_GOTO),
    /** Nothing; also what an action that is not known here is shown as. */
    NOP(RouteConstants.FR_ACT_NOP),
    BLACKHOLE(RouteConstants.FR_ACT_BLACKHOLE),
    UNREACHABLE(RouteConstants.FR_ACT_UNREACHABLE),
    PROHIBIT(RouteConstants.FR_ACT_PROHIBIT);

    private static final Action[] ALL = values();

    private final int number;

    Action(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Action of(int number) {
      for (Action action : ALL) {
        if (action.number == number) {
          return action;
        }
      }
      return NOP;
    }
  }

  public Rule {
    Objects.requireNonNull(action);
    if (from.family() != family || to.family() != family) {
      throw new IllegalArgumentException("A rule of " + family + " can't match from " + from + " to " + to);
    }
    if (!inputLink.isEmpty()) {
      Checks.linkName(inputLink);
    }
    if (!outputLink.isEmpty()) {
      Checks.linkName(outputLink);
    }
    Checks.atLeast(suppressPrefixLength, -1, "suppressed prefix length");
    Checks.within(protocol, 0, 255, "protocol");
  }

  /** Starts a rule that sends every packet to the main table, with the priority that the caller must give. */
  public static Builder of(Family family, int priority) {
    return new Builder(family, priority);
  }

  /** Adds the rule; fails with EEXIST when there is one that says the same. */
  public Request add() {
    return new RuleRequest("add ", this, RouteConstants.RTM_NEWRULE, NetlinkConstants.NLM_F_CREATE | NetlinkConstants.NLM_F_EXCL);
  }

  /** Deletes the first rule that has all that this one says; fails with ENOENT when there is none. */
  public Request delete() {
    return new RuleRequest("delete ", this, RouteConstants.RTM_DELRULE, 0);
  }

  /** As {@code ip rule} prints it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(Integer.toUnsignedString(priority)).append(invert ? ": not from " : ": from ");
    text.append(from.length() == 0 ? "all" : from);
    if (to.length() > 0) {
      text.append(" to ").append(to);
    }
    if (mask != 0) {
      text.append(" fwmark 0x").append(Integer.toHexString(mark)).append("/0x").append(Integer.toHexString(mask));
    }
    if (!inputLink.isEmpty()) {
      text.append(" iif ").append(inputLink);
    }
    if (!outputLink.isEmpty()) {
      text.append(" oif ").append(outputLink);
    }
    if (action == Action.LOOKUP) {
      text.append(" lookup ").append(Integer.toUnsignedString(table));
    } else {
      text.append(' ').append(action.name().toLowerCase(Locale.ROOT));
    }
    if (suppressPrefixLength >= 0) {
      text.append(" suppress_prefixlength ").append(suppressPrefixLength);
    }
    return text.append(" proto ").append(protocol).toString();
  }

  /** Collects what a rule says. */
  public static final class Builder {
    private final Family family;
    private final int priority;
    private Action action = Action.LOOKUP;
    private int table = RouteConstants.RT_TABLE_MAIN;
    private IpPrefix from;
    private IpPrefix to;
    private String inputLink = "";
    private String outputLink = "";
    private int mark;
    private int mask;
    private boolean invert;
    private int suppressPrefixLength = -1;
    private int protocol = RouteConstants.RTPROT_STATIC;

    private Builder(Family family, int priority) {
      this.family = family;
      this.priority = priority;
      this.from = IpPrefix.any(family);
      this.to = IpPrefix.any(family);
    }

    public Builder lookup(int table) {
      this.action = Action.LOOKUP;
      this.table = table;
      return this;
    }

    /** An action other than a lookup. */
    public Builder action(Action action) {
      this.action = action;
      this.table = 0;
      return this;
    }

    public Builder from(IpPrefix from) {
      this.from = from;
      return this;
    }

    public Builder to(IpPrefix to) {
      this.to = to;
      return this;
    }

    public Builder inputLink(String name) {
      this.inputLink = name;
      return this;
    }

    public Builder outputLink(String name) {
      this.outputLink = name;
      return this;
    }

    /** Matches packets whose mark, after the mask, is this. */
    public Builder mark(int mark, int mask) {
      this.mark = mark;
      this.mask = mask;
      return this;
    }

    public Builder invert() {
      this.invert = true;
      return this;
    }

    public Builder suppressPrefixLength(int length) {
      this.suppressPrefixLength = length;
      return this;
    }

    /** A mark of ownership, 0 to 255. */
    public Builder protocol(int protocol) {
      this.protocol = protocol;
      return this;
    }

    public Rule build() {
      return new Rule(
          family, priority, action, table, from, to, inputLink, outputLink, mark, mask, invert, suppressPrefixLength, protocol);
    }
  }
}
