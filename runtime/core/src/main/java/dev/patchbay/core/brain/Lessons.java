package dev.patchbay.core.brain;

import dev.patchbay.core.cloud.CloudAnswer;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What follows from EC2's answers for the next time that something is asked for: how many at once, where and when, and whether EC2 is
 * looked at before.
 */
final class Lessons {
  /** A full subnet stays full for a while: the reference asks again after 120 s too. */
  private static final long SUBNET_PAUSE_MILLIS = 120_000;
  /** More units than an interface carries of any type. */
  private static final int MOST_AT_ONCE = 128;

  private final Context context;
  private final Dealings dealings;
  private final Outlook outlook;
  private final Descriptions descriptions;
  /** How many units of a kind a subnet is asked for at once, where it had not as many. */
  private final Map<String, Integer> atOnce = new HashMap<>();

  Lessons(Context context, Dealings dealings, Outlook outlook, Descriptions descriptions) {
    this.context = context;
    this.dealings = dealings;
    this.outlook = outlook;
    this.descriptions = descriptions;
  }

  /** How many units of a kind a subnet is asked for at once. */
  int atOnce(String subnet, Unit unit) {
    return atOnce.getOrDefault(subnet + " " + unit, Integer.MAX_VALUE);
  }

  void succeeded(String want, Unit unit, String subnet) {
    if (unit == Unit.PREFIX) {
      context.fragmentedSubnets.remove(subnet);
      context.findings.remove(unitFinding(subnet));
    }
    // What has been freed meanwhile is found by asking for more each time.
    atOnce.computeIfPresent(subnet + " " + unit, (of, count) -> count > MOST_AT_ONCE / 2 ? null : Integer.valueOf(2 * count));
    outlook.reopen(want);
    dealings.succeeded(want);
    context.findings.remove("supply " + want);
  }

  void failed(String want, Unit unit, int count, CloudAnswer.Failed f, String what, String subnet) {
    Finding why = outlook.refused(want).filter(r -> f.kind() == CloudAnswer.Kind.NOT_FOUND)
        .orElseGet(() -> CloudFindings.of(f, what).about(want));
    boolean lacksRoom = f.kind() == CloudAnswer.Kind.SUBNET_FRAGMENTED || f.kind() == CloudAnswer.Kind.SUBNET_FULL;
    if (lacksRoom && count > 1) {
      // Fewer may be there: nobody waits while there is one.
      atOnce.put(subnet + " " + unit, count / 2);
      dealings.end();
      return;
    }
    if (lacksRoom && unit == Unit.PREFIX) {
      lacksBlocks(want, subnet, why);
      dealings.end();
      return;
    }
    context.findings.put("supply " + want, why);
    switch (f.kind()) {
      case SUBNET_FULL, SUBNET_FRAGMENTED -> {
        atOnce.remove(subnet + " " + unit);
        context.fullSubnets.put(subnet, context.millis() + SUBNET_PAUSE_MILLIS);
        outlook.refuse(want, why);
        context.wakeAt(context.millis() + SUBNET_PAUSE_MILLIS);
      }
      case DENIED -> {
        outlook.refuse(want, why);
        dealings.pause(want);
      }
      case THROTTLED, UNREACHABLE, REFUSED -> dealings.pause(want);
      case LIMIT, NOT_FOUND, STATE -> {
        descriptions.lookAgain(context.millis());
        dealings.pause(want);
      }
      case UNKNOWN -> {
        // What a lost answer did is known only when EC2 describes it; nothing is asked for again before.
        dealings.unsure(want);
        descriptions.lookAgain(context.millis() + Descriptions.LAG_MILLIS);
        dealings.pause(want);
      }
    }
    dealings.end();
  }

  /** A subnet has no block for a prefix. Where single addresses will do they are asked for next; else there is nothing to wait for. */
  private void lacksBlocks(String want, String subnet, Finding why) {
    long until = context.millis() + SUBNET_PAUSE_MILLIS;
    atOnce.remove(subnet + " " + Unit.PREFIX);
    context.fragmentedSubnets.put(subnet, until);
    // It holds on when single addresses were fetched, until a prefix can be again.
    context.findings.remove("supply " + want);
    context.findings.put(unitFinding(subnet), why);
    context.wakeAt(until);
    if (!fallsBack(want)) {
      // Of no use to those who take nothing else, so that another subnet is asked if there is one.
      context.fullSubnets.put(subnet, until);
      outlook.refuse(want, why);
    }
  }

  private boolean fallsBack(String want) {
    return context.plan.lanes().stream().flatMap(l -> Arrays.stream(AddressFamily.values())
        .filter(family -> Wants.stock(l.name(), family).equals(want)).flatMap(family -> l.stock(family).stream()))
        .anyMatch(stock -> stock.units().contains(Unit.SINGLE));
  }

  private static String unitFinding(String subnet) {
    return "supply prefixes in " + subnet;
  }
}
