package dev.patchbay.admission;

import java.util.List;

/**
 * By what the replicas are known: authorities, the oldest first, and a certificate that one of them has signed.
 *
 * @param authorities the authorities that answers are trusted by
 * @param server what answers are given with
 */
record Identity(List<Signed> authorities, Signed server) {
  Identity {
    authorities = List.copyOf(authorities);
  }
}
