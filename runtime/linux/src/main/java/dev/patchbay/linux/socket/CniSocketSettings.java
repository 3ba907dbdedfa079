package dev.patchbay.linux.socket;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * How a socket is served.
 *
 * @param path of the socket, absolute, at most 107 bytes; missing parent folders are made
 * @param handlerThreads threads that take calls at a time, 1 to 64
 * @param allowedUids users that may call; others are refused with code 100
 * @param requestTimeLimit a caller that has not sent its whole request by then is refused, and one that has not taken its
 *     whole answer by then is left; 10 ms to 1 h
 * @param connectionLimit connections at a time, 1 to 100000; further ones are refused with code 11
 */
public record CniSocketSettings(
    Path path, int handlerThreads, Set<Long> allowedUids, Duration requestTimeLimit, int connectionLimit) {

  /** Checks the ranges. */
  public CniSocketSettings {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the path of the CNI socket must be absolute, not " + path);
    }
    range("handlerThreads", handlerThreads, 1, 64);
    range("requestTimeLimit in milliseconds", requestTimeLimit.toMillis(), 10, Duration.ofHours(1).toMillis());
    range("connectionLimit", connectionLimit, 1, 100_000);
    allowedUids = Set.copyOf(allowedUids);
  }

  /** For root alone, with 8 threads, 5 seconds and 2048 connections. */
  public static CniSocketSettings at(Path path) {
    return new CniSocketSettings(path, 8, Set.of(0L), Duration.ofSeconds(5), 2048);
  }

  /** With another number of threads. */
  public CniSocketSettings handlerThreads(int threads) {
    return new CniSocketSettings(path, threads, allowedUids, requestTimeLimit, connectionLimit);
  }

  /** With other users. */
  public CniSocketSettings allowedUids(Set<Long> uids) {
    return new CniSocketSettings(path, handlerThreads, uids, requestTimeLimit, connectionLimit);
  }

  /** With another time limit. */
  public CniSocketSettings requestTimeLimit(Duration limit) {
    return new CniSocketSettings(path, handlerThreads, allowedUids, limit, connectionLimit);
  }

  /** With another number of connections. */
  public CniSocketSettings connectionLimit(int limit) {
    return new CniSocketSettings(path, handlerThreads, allowedUids, requestTimeLimit, limit);
  }

  private static void range(String name, long value, long from, long to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(name + " must be from " + from + " to " + to + ", not " + value);
    }
  }
}
