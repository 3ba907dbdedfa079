package dev.patchbay.cli.words;

import dev.patchbay.cli.daemon.Json;
import dev.patchbay.core.invariants.Breach;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param where who was asked
 * @param attachments how many attachments were looked at
 * @param addresses how many addresses
 * @param interfaces how many interfaces
 * @param looks how often it was looked
 * @param breaches what breaks an invariant, and lasts
 * @param unseen what could not be looked at, and why
 * @param invariants the invariants, with words and remedy, as whoever looked has them
 */
public record AuditText(String where, long attachments, long addresses, long interfaces, int looks, List<Breach> breaches,
    Map<String, String> unseen, List<Json> invariants) {
  /**
   * Copies the collections.
   */
  public AuditText {
    breaches = List.copyOf(breaches);
    unseen = new LinkedHashMap<>(unseen);
    invariants = List.copyOf(invariants);
  }

  /**
   * {@return whether all was looked at, and nothing found}
   */
  public boolean isWell() {
    return breaches.isEmpty() && unseen.isEmpty();
  }

  /**
   * {@return the lines}
   * @param colour whether the reader wants colour
   */
  public List<String> lines(boolean colour) {
    Page page = new Page(colour, "");
    page.line(where + ": " + Page.count(attachments, "attachment", "attachments") + ", " + Page.count(addresses, "address", "addresses") + ", "
        + Page.count(interfaces, "interface", "interfaces") + "; " + Page.count(invariants.size(), "invariant", "invariants") + " held against "
        + "ledger, kernel and EC2, in " + Page.count(looks, "look", "looks") + ".");
    for (Breach breach : breaches) {
      page.line(page.bad(breach.invariant()) + " " + breach.subject() + ": " + breach.differs());
      invariants.stream().filter(i -> i.text("name").equals(breach.invariant())).findFirst().ifPresent(i -> {
        page.line("  must be: " + i.text("words"));
        page.line("  do: " + i.text("remedy"));
      });
    }
    unseen.forEach((side, why) -> page.line(page.bad("not looked at") + " " + side + ": " + why));
    if (isWell()) {
      page.line(page.good("All is well."));
    } else if (breaches.isEmpty()) {
      page.line("Nothing is wrong in what was looked at.");
    }
    return page.lines();
  }

  /**
   * {@return the same for tools; names are stable}
   */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("well", isWell());
    json.put("attachments", attachments);
    json.put("addresses", addresses);
    json.put("interfaces", interfaces);
    json.put("looks", looks);
    List<Object> found = new ArrayList<>();
    for (Breach breach : breaches) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("invariant", breach.invariant());
      one.put("subject", breach.subject());
      one.put("differs", breach.differs());
      invariants.stream().filter(i -> i.text("name").equals(breach.invariant())).findFirst().ifPresent(i -> {
        one.put("words", i.text("words"));
        one.put("remedy", i.text("remedy"));
      });
      found.add(one);
    }
    json.put("breaches", found);
    json.put("unseen", unseen);
    json.put("invariants", invariants.stream().map(i -> i.text("name")).toList());
    return json;
  }
}
