package dev.patchbay.core.ledger;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attachment as it stands in the ledger: all that CHECK, DEL, GC and a restart need, whatever has become of
 * configuration, pod or mode.
 *
 * @param key what tells it apart
 * @param first the pod's first attachment, with which this one comes and goes, for one that an extra added; empty for a first
 * @param ordinal its place among the attachments of its pod: 0 for the first
 * @param network the CNI network's name
 * @param podNamespace the pod's namespace; empty if the caller named no pod
 * @param podName the pod's name; empty if the caller named no pod
 * @param podUid the pod's uid; empty if unknown
 * @param netns the path of the pod's namespace, as the caller gave it
 * @param hostInterface the name of the device on the node
 * @param mode the mode that planned it, as {@code id@version}
 * @param addresses the addresses that it holds
 * @param plan the plan that is applied
 * @param outcomes the outcomes of acts, by id
 * @param asked what the caller asked for, {@code capabilities} and {@code arguments}; empty if that is not known
 * @param request what an extra asked for; empty for a pod's first
 * @param state how far it is
 * @param since when it was opened, in milliseconds since 1970, for people to read
 * @param opened the same in milliseconds of the monotonic clock, by which it is compared with a DEL's time; 0 if that is not known, as
 *     of what was rebuilt or written by a version that knew the wall clock alone
 */
public record AttachmentRecord(AttachmentKey key, Optional<AttachmentKey> first, int ordinal, String network, String podNamespace, String podName, String podUid,
    String netns, String hostInterface, String mode, List<HeldAddress> addresses, DatapathPlan plan,
    Map<String, Fields> outcomes, Fields asked, Fields request, State state, long since, long opened) {
  /** How far an attachment is. */
  public enum State {
    /** Addresses are drawn, and the plan is being applied; nobody has been told. After a crash it is undone. */
    OPEN,
    /** The caller was, or is about to be, told. */
    LIVE,
    /** It must go; its addresses are held until all of it is undone. */
    CLOSING
  }

  /**
   * Copies the collections.
   */
  public AttachmentRecord {
    addresses = List.copyOf(addresses);
    outcomes = Map.copyOf(outcomes);
  }

  /**
   * {@return this attachment in another state}
   * @param next the state
   */
  public AttachmentRecord in(State next) {
    return new AttachmentRecord(key, first, ordinal, network, podNamespace, podName, podUid, netns, hostInterface, mode, addresses,
        plan, outcomes, asked, request, next, since, opened);
  }

  /**
   * {@return this attachment with another plan}
   * @param other the plan that is applied from now on
   */
  public AttachmentRecord with(DatapathPlan other) {
    return new AttachmentRecord(key, first, ordinal, network, podNamespace, podName, podUid, netns, hostInterface, mode, addresses,
        other, outcomes, asked, request, state, since, opened);
  }

  /**
   * {@return the arguments that the caller gave}
   */
  public Map<String, String> arguments() {
    Map<String, String> arguments = new java.util.TreeMap<>();
    Fields given = asked.fields("arguments");
    given.values().keySet().forEach(name -> arguments.put(name, given.text(name).orElse("")));
    return arguments;
  }

  /**
   * {@return the ids of the modes that planned it}
   */
  public List<String> modeIds() {
    if (mode.isEmpty()) {
      return List.of();
    }
    List<String> ids = new ArrayList<>();
    for (String label : mode.split(",", -1)) {
      int at = label.indexOf('@');
      ids.add(at < 0 ? label : label.substring(0, at));
    }
    return List.copyOf(ids);
  }

  /**
   * {@return the pod as people name it: {@code namespace/name}, or the sandbox if the caller named no pod}
   */
  public String pod() {
    return podName.isEmpty() ? "sandbox " + key.containerId() : podNamespace + "/" + podName;
  }

  Fields fields() {
    Map<String, Object> f = new HashMap<>();
    f.put("key", key.toString());
    f.put("ordinal", ordinal);
    f.put("network", network);
    f.put("namespace", podNamespace);
    f.put("name", podName);
    f.put("uid", podUid);
    f.put("netns", netns);
    f.put("host", hostInterface);
    f.put("mode", mode);
    f.put("addresses", addresses.stream().map(HeldAddress::fields).toList());
    f.put("plan", plan.fields());
    f.put("outcomes", Fields.of(outcomes));
    f.put("asked", asked);
    f.put("request", request);
    f.put("state", state.name());
    f.put("since", since);
    f.put("opened", opened);
    first.ifPresent(of -> f.put("first", of.toString()));
    return Fields.of(f);
  }

  static AttachmentRecord of(Fields f) {
    Fields outcomes = f.fields("outcomes");
    Map<String, Fields> byId = new java.util.TreeMap<>();
    outcomes.values().keySet().forEach(id -> byId.put(id, outcomes.fields(id)));
    return new AttachmentRecord(AttachmentKey.of(f.required("key")), f.text("first").map(AttachmentKey::of),
        Math.toIntExact(f.number("ordinal").orElse(0)), f.required("network"), f.required("namespace"),
        f.required("name"), f.required("uid"), f.required("netns"), f.required("host"), f.required("mode"),
        f.list("addresses").stream().map(HeldAddress::of).toList(), DatapathPlan.of(f.fields("plan")), byId,
        f.fields("asked"), f.fields("request"), State.valueOf(f.required("state")), f.number("since").orElse(0),
        f.number("opened").orElse(0));
  }
}
