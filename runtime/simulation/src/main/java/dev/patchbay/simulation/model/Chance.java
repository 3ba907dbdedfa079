package dev.patchbay.simulation.model;

import java.util.List;

/**
 * Numbers that look random and follow from a seed. Each step of a history has its own, made of the history's seed and the step's number,
 * so that a step that is left out changes nothing for the others. The generator is SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
 */
public final class Chance {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final boolean least;
  private long state;

  private Chance(long state, boolean least) {
    this.state = state;
    this.least = least;
  }

  /**
   * {@return no chance at all: the least each time, so that EC2 gives out the lowest free addresses}
   */
  public static Chance least() {
    return new Chance(0, true);
  }

  /**
   * {@return the numbers of one step of a history}
   * @param seed the history's seed
   * @param step the step
   */
  public static Chance of(long seed, long step) {
    return new Chance(mix(mix(seed + GOLDEN) ^ (step * GOLDEN + 1)), false);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  /**
   * {@return the next number}
   */
  public long next() {
    if (least) {
      return 0;
    }
    state += GOLDEN;
    return mix(state);
  }

  /**
   * {@return a number from 0, less than a bound}
   * @param bound the bound, at least 1
   */
  public int below(int bound) {
    return (int) ((next() >>> 33) % bound);
  }

  /**
   * {@return a number in a range}
   * @param least the least
   * @param most the most
   */
  public long between(long least, long most) {
    return least + (next() >>> 1) % (most - least + 1);
  }

  /**
   * {@return true once in so many times}
   * @param times how many
   */
  public boolean oneIn(int times) {
    return below(times) == 0;
  }

  /**
   * {@return one of several}
   * @param of the several, at least one
   * @param <T> what they are
   */
  public <T> T of(List<T> of) {
    return of.get(below(of.size()));
  }
}
