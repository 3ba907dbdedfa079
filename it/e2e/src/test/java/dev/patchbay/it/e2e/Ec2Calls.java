package dev.patchbay.it.e2e;

import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.calls.Recorder.Call;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the daemon of a node asked of EC2 since this was made, as the lab's EC2 saw it. A value: {@link #since} looks again.
 *
 * @param all the calls of EC2, those of the metadata service left out, in order
 */
public record Ec2Calls(List<Call> all) {
  /** Copies the list. */
  public Ec2Calls {
    all = List.copyOf(all);
  }

  /** All calls of a node until now. */
  public static Ec2Calls of(Lab lab, LabNode node) {
    return new Ec2Calls(
        lab.ec2().recorder().calls().stream()
            .filter(call -> call.service().equals("ec2") && call.caller().equals(node.instanceId()))
            .toList());
  }

  /** The calls of a node that are not among these, which were its calls at an earlier time. */
  public Ec2Calls since(Lab lab, LabNode node) {
    List<Call> now = of(lab, node).all();
    return new Ec2Calls(now.subList(all.size(), now.size()));
  }

  /** Those that change something: all but the descriptions and the dry runs. */
  public Ec2Calls changes() {
    return new Ec2Calls(
        all.stream()
            .filter(call -> !call.action().startsWith("Describe") && !call.parameters().getOrDefault("DryRun", "").equals("true"))
            .toList());
  }

  /** Those of an action. */
  public Ec2Calls of(String action) {
    return new Ec2Calls(all.stream().filter(call -> call.action().equals(action)).toList());
  }

  /** How many there are of each action. */
  public Map<String, Long> counts() {
    return all.stream().collect(Collectors.groupingBy(Call::action, TreeMap::new, Collectors.counting()));
  }

  /** The actions in order. */
  public List<String> actions() {
    return all.stream().map(Call::action).toList();
  }
}
