package dev.patchbay.simulation;

import dev.patchbay.core.ledger.Entry;
import dev.patchbay.simulation.model.Chance;
import dev.patchbay.simulation.model.Fault;
import java.util.ArrayList;
import java.util.List;

/** Takes the steps of a history. */
final class Steps {
  /** How many steps there are between two looks at what must always hold. */
  private static final int LOOK_EVERY = 25;

  private final World world;

  Steps(World world) {
    this.world = world;
  }

  /** Takes a step; all that it does follows from the seed, its number, and what was before. */
  void take(int number) {
    world.chance = Chance.of(world.profile.seed(), number);
    Chance chance = world.chance;
    Move move = Move.drawn(chance);
    Node node = chance.of(world.nodes);
    world.story.mix(move.ordinal());
    world.story.mix(world.now);
    switch (move) {
      case ADD -> node.add();
      case DEL -> {
        List<Sandbox> those = new ArrayList<>(node.in(Sandbox.State.LIVE));
        those.addAll(node.in(Sandbox.State.FAILED));
        if (chance.oneIn(4)) {
          those.addAll(node.in(Sandbox.State.ADDING));
        }
        with(those, node::del);
      }
      case PASS_MILLIS -> pass(1 + chance.below(60));
      case PASS_SECOND -> pass(100 + chance.below(4_000));
      case PASS_HALF_MINUTE -> pass(10_000 + chance.below(40_000));
      case PASS_MINUTES -> pass(120_000 + chance.below(600_000));
      case OVERTAKE -> overtake(node);
      case KILL -> kill(node);
      case START -> node.start();
      case REBOOT -> {
        if (world.profile.happens(Fault.REBOOTED, chance)) {
          node.reboot();
        }
      }
      case CHECK -> with(node.in(Sandbox.State.LIVE), node::check);
      case GC -> node.gc();
      case HANG_UP -> {
        if (world.profile.has(Fault.HANG_UP)) {
          node.hangUp();
        }
      }
      case SECOND_ADD -> {
        List<Sandbox> those = new ArrayList<>(node.in(Sandbox.State.LIVE));
        those.addAll(node.in(Sandbox.State.ADDING));
        if (world.profile.has(Fault.SECOND_ADD)) {
          with(those, node::addAgain);
        }
      }
      case STRAY_DEL -> {
        if (world.profile.has(Fault.STRAY_DEL)) {
          node.strayDel();
        }
      }
      case DEL_AGAIN -> {
        if (world.profile.has(Fault.DEL_AGAIN)) {
          with(node.in(Sandbox.State.DELETING), sandbox -> {
            world.story.happened(Fault.DEL_AGAIN);
            node.del(sandbox);
          });
        }
      }
      case NETNS_GONE -> {
        if (world.profile.has(Fault.NETNS_GONE)) {
          with(node.in(Sandbox.State.LIVE), node::netnsGone);
        }
      }
      case STATUS -> node.status();
      case COMPACT -> {
        if (node.isUp()) {
          node.daemon().compact(chance.oneIn(2) ? Entry.Part.RUN : Entry.Part.LIB);
        }
      }
      case AWAY -> away(node);
      case OTHERS -> others(node);
      case WALL_STEP -> {
        if (world.happens(Fault.WALL_STEP)) {
          // Hours, as a time zone or a daylight-saving mistake has it; or years, as a machine without a battery has it.
          long by = chance.between(-7_200_000, 7_200_000) * (chance.oneIn(4) ? 5_000 : 1);
          node.wallShift += by;
          node.say(() -> "the wall clock steps by " + by + " ms");
        }
      }
      case RECONFIGURE -> reconfigure(node);
      case ALTER -> alter(node);
      case CHANGE_OBJECTS -> {
        if (world.choices.get(node.choice).objects().size() > 1 && world.happens(Fault.OBJECTS_CHANGED)) {
          node.say("objects change");
          world.objectsAt(world.objectsTime + 1);
        }
      }
    }
    if (number % LOOK_EVERY == 0) {
      world.nodes.forEach(Looks::always);
    }
  }

  private interface OnSandbox {
    void apply(Sandbox sandbox);
  }

  private void with(List<Sandbox> those, OnSandbox what) {
    if (!those.isEmpty()) {
      what.apply(world.chance.of(those));
    }
  }

  private void pass(long millis) {
    world.advance(world.now + millis);
  }

  private void overtake(Node node) {
    if (node.isUp() && world.profile.has(Fault.OVERTAKEN) && node.daemon().overtake()) {
      world.story.happened(Fault.OVERTAKEN);
    }
  }

  private void kill(Node node) {
    if (world.profile.has(Fault.KILLED)) {
      node.kill();
      // It is started again at once, or a while later.
      if (world.chance.oneIn(2)) {
        node.start();
      }
    }
  }

  private void away(Node node) {
    Chance chance = world.chance;
    long until = world.now + (chance.oneIn(4) ? 60_000 + chance.below(600_000) : 1_000 + chance.below(30_000));
    switch (chance.below(4)) {
      case 0 -> {
        if (world.happens(Fault.EC2_AWAY)) {
          world.ec2AwayUntil = until;
          node.say(() -> "EC2 is away for " + (until - world.now) + " ms");
        }
      }
      case 1 -> {
        if (world.happens(Fault.IMDS_AWAY)) {
          node.imdsAwayUntil = until;
          node.say(() -> "IMDS is away for " + (until - world.now) + " ms");
        }
      }
      case 2 -> {
        if (world.happens(Fault.DISK_FULL)) {
          node.diskFullUntil = until;
          node.say(() -> "the disk is full for " + (until - world.now) + " ms");
        } else if (world.happens(Fault.DISK_STILL)) {
          node.diskStillUntil = until;
          node.say(() -> "the disk stands still for " + (until - world.now) + " ms");
        }
      }
      default -> {
        if (world.happens(Fault.API_CUT)) {
          node.apiCutUntil = until;
          node.say(() -> "the API server is not heard for " + (until - world.now) + " ms");
          if (node.isUp()) {
            node.daemon().cutFromApi();
          }
        }
      }
    }
  }

  private void others(Node node) {
    Chance chance = world.chance;
    switch (chance.below(5)) {
      case 0 -> {
        if (world.happens(Fault.SUBNET_FULL)) {
          world.ec2.fill(chance.below(6), chance);
          node.say("others fill the subnets");
        }
      }
      case 1 -> {
        if (world.happens(Fault.SUBNET_FRAGMENTED)) {
          world.ec2.fragment();
          node.say("others fragment the subnets");
        }
      }
      case 2 -> world.ec2.empty();
      case 3 -> {
        if (world.happens(Fault.HAND_PUT)) {
          world.ec2.putByHand(node.instance, world.now, chance).ifPresent(what -> node.say(() -> "somebody puts " + what + " by hand"));
        }
      }
      default -> {
        if (world.happens(Fault.FOREIGN_INTERFACE)) {
          world.ec2.attachByHand(node.instance, world.now, chance).ifPresent(what -> {
            node.say(() -> "somebody attaches " + what);
            if (node.isUp()) {
              node.daemon().devicesChanged();
            }
          });
        }
      }
    }
  }

  /** Somebody else takes out of the kernel what a pod has there, or what the node has. */
  private void alter(Node node) {
    List<Sandbox> live = node.in(Sandbox.State.LIVE);
    if (world.happens(Fault.KERNEL_ALTERED)) {
      if (live.isEmpty() || world.chance.oneIn(3)) {
        node.nodeAltered();
      } else {
        node.altered(world.chance.of(live));
      }
    }
  }

  private void reconfigure(Node node) {
    if (world.choices.size() > 1 && world.happens(Fault.RECONFIGURED)) {
      node.choice = world.chance.below(world.choices.size());
      node.kill();
      node.start();
    }
  }
}
