package dev.patchbay.simulation;

/** Signatures of states: how far a node is in what it does, roughly, so that what has been reached can be counted. */
final class States {
  private States() {}

  static int of(World world) {
    Node node = world.nodes.getFirst();
    int bits = 0;
    bits = bits << 1 | (node.isUp() ? 1 : 0);
    bits = bits << 1 | (node.isUp() && node.daemon().serving() ? 1 : 0);
    bits = bits << 1 | (world.now < world.ec2AwayUntil ? 1 : 0);
    bits = bits << 1 | (world.now < node.imdsAwayUntil ? 1 : 0);
    bits = bits << 1 | (world.now < node.apiCutUntil ? 1 : 0);
    bits = bits << 1 | (world.now < node.diskFullUntil ? 1 : 0);
    bits = bits << 1 | (node.durable().intended().isEmpty() ? 0 : 1);
    bits = bits << 1 | (node.durable().enisLeaving().isEmpty() ? 0 : 1);
    bits = bits << 1 | (node.durable().cooling().isEmpty() ? 0 : 1);
    bits = bits << 2 | Math.min(3, node.durable().made().size());
    bits = bits << 2 | Math.min(3, node.count(Sandbox.State.ADDING));
    bits = bits << 2 | Math.min(3, node.count(Sandbox.State.LIVE) / 2);
    bits = bits << 1 | Math.min(1, node.count(Sandbox.State.DELETING));
    return bits << 1 | Math.min(1, node.count(Sandbox.State.FAILED));
  }
}
