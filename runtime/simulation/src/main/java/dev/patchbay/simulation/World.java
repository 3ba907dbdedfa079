package dev.patchbay.simulation;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Ec2Model;
import dev.patchbay.simulation.model.Fault;
import java.util.ArrayList;
import java.util.List;

/** All that there is: EC2, the nodes, and the time. */
final class World {
  /** Whatever takes more events than this does not come to rest. */
  private static final int MOST_EVENTS = 20_000;

  final Profile profile;
  final List<Choice> choices;
  final Sabotage sabotage;
  final Story story;
  final Ec2Model ec2;
  final Judge judge;
  final List<Node> nodes = new ArrayList<>();
  long now = 1_000;
  Chance chance;
  /** Whether nothing goes wrong any more. */
  boolean calm;
  long ec2AwayUntil;
  /** Counts the times that objects of the API server changed. */
  int objectsTime;
  private int sandboxes;

  World(Profile profile, List<Choice> choices, Sabotage sabotage, Story story) {
    this.profile = profile;
    this.choices = choices;
    this.sabotage = sabotage;
    this.story = story;
    this.chance = Chance.of(profile.seed(), 0);
    this.ec2 = new Ec2Model(new InstanceTypeRecord("model.large", List.of(profile.interfaces()), profile.addresses(), profile.addresses(),
        true, false, 0, 2), profile.subnetLength(), profile.burst());
    this.judge = new Judge(this);
    for (int n = 1; n <= profile.nodes(); n++) {
      Node node = new Node(this, n);
      ec2.launch(node.instance, chance);
      nodes.add(node);
    }
  }

  /** Whether a fault happens now; if so it counts. */
  boolean happens(Fault fault) {
    boolean happens = profile.happens(fault, chance) && !calm;
    if (happens) {
      story.happened(fault);
    }
    return happens;
  }

  String newSandbox() {
    return "s" + ++sandboxes;
  }

  /** From now on the API server has the objects of another time. */
  void objectsAt(int time) {
    int before = objectsTime;
    objectsTime = time;
    nodes.stream().filter(Node::isUp).forEach(n -> n.daemon().objectsChanged(before));
  }

  /** Lets time pass, and all that is due happen. */
  void advance(long until) {
    for (int n = 0;; n++) {
      if (n > MOST_EVENTS) {
        throw new BrokenException(Way.STEADY, nodes.getFirst().name,
            "more than " + MOST_EVENTS + " things happen within " + (until - now) + " ms");
      }
      Node next = null;
      long at = Long.MAX_VALUE;
      for (Node node : nodes) {
        long of = node.next();
        if (of < at) {
          at = of;
          next = node;
        }
      }
      if (next == null || at > until) {
        break;
      }
      now = Math.max(now, at);
      next.turn();
    }
    now = Math.max(now, until);
  }

  /** Lets time pass until nothing is under way any more, at most for a while. */
  void settle(long atMost) {
    long end = now + atMost;
    while (true) {
      long at = Long.MAX_VALUE;
      for (Node node : nodes) {
        at = Math.min(at, node.nextInFlight());
      }
      if (at > end) {
        return;
      }
      advance(at);
    }
  }
}
