package dev.patchbay.simulation;

/** What a step can be, and how often it is, compared with the others. */
enum Move {
  ADD(16),
  DEL(11),
  PASS_MILLIS(20),
  PASS_SECOND(16),
  PASS_HALF_MINUTE(6),
  PASS_MINUTES(1),
  OVERTAKE(10),
  KILL(3),
  START(6),
  REBOOT(1),
  CHECK(3),
  GC(1),
  HANG_UP(2),
  SECOND_ADD(1),
  STRAY_DEL(1),
  DEL_AGAIN(1),
  NETNS_GONE(1),
  STATUS(1),
  COMPACT(1),
  AWAY(3),
  OTHERS(3),
  WALL_STEP(1),
  RECONFIGURE(1),
  ALTER(2),
  CHANGE_OBJECTS(1);

  private static final Move[] TABLE = table();

  private final int weight;

  Move(int weight) {
    this.weight = weight;
  }

  private static Move[] table() {
    int sum = 0;
    for (Move move : values()) {
      sum += move.weight;
    }
    Move[] table = new Move[sum];
    int at = 0;
    for (Move move : values()) {
      for (int n = 0; n < move.weight; n++) {
        table[at++] = move;
      }
    }
    return table;
  }

  static Move drawn(dev.patchbay.simulation.model.Chance chance) {
    return TABLE[chance.below(TABLE.length)];
  }
}
