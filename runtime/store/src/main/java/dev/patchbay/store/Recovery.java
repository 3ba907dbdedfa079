package dev.patchbay.store;

import java.util.List;

/**
 * What a journal held when it was opened.
 *
 * @param state the records of the newest whole snapshot, in their order; empty if there never was one
 * @param records the records after it, in the order of their numbers
 * @param lastNumber the highest number ever seen; 0 if there is none
 * @param damages where something that may have been promised was altered or lost; the records around it are there
 * @param cut how many bytes of a half-written record were cut off at the end: nobody was promised them
 */
public record Recovery(List<byte[]> state, List<Entry> records, long lastNumber, List<Damage> damages, long cut) {
  /**
   * Copies the lists.
   */
  public Recovery {
    state = List.copyOf(state);
    records = List.copyOf(records);
    damages = List.copyOf(damages);
  }

  /**
   * {@return whether something that was promised may be missing, so that other witnesses must be asked}
   */
  public boolean isDoubtful() {
    return damages.stream().anyMatch(d -> !d.healed());
  }

  /**
   * One record.
   *
   * @param number its number; rising, not always by one
   * @param bytes its bytes
   */
  public record Entry(long number, byte[] bytes) {}
}
