package dev.patchbay.admission;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When certificates are made anew. A server's is when half of its time is over. An authority lives as long as several of these, and
 * another one is made when half of that is over; it stands beside the old one, which goes on signing as long as it can, so that whoever
 * trusts them has long heard of the new one when the first certificate of it is shown.
 */
final class Renewal {
  private static final int LIFETIMES = 8;
  private static final int DNS_NAME = 2;

  private final Certifier certifier;
  private final List<String> names;
  private final Duration lifetime;

  /**
   * Makes it.
   *
   * @param names the names that a server's certificate is for
   * @param lifetime how long it is good for
   */
  Renewal(Certifier certifier, List<String> names, Duration lifetime) {
    this.certifier = certifier;
    this.names = List.copyOf(names);
    this.lifetime = lifetime;
  }

  /** What is to take the place of what there is; empty if it is good. */
  Optional<Identity> due(Optional<Identity> there, Instant now) {
    List<Signed> authorities = new ArrayList<>(there.map(Identity::authorities).orElse(List.of()));
    boolean changed = authorities.removeIf(authority -> !until(authority).isAfter(now));
    Duration life = lifetime.multipliedBy(LIFETIMES);
    if (authorities.stream().noneMatch(authority -> until(authority).isAfter(now.plus(life.dividedBy(2))))) {
      authorities.add(certifier.authority(now, now.plus(life)));
      changed = true;
    }
    Optional<Signed> server = there.map(Identity::server).filter(s -> isGood(s, authorities, now));
    if (server.isPresent() && !changed) {
      return Optional.empty();
    }
    return Optional.of(new Identity(authorities, server.orElseGet(() -> certifier.server(authorities.stream()
        .filter(authority -> !until(authority).isBefore(now.plus(lifetime))).findFirst().orElseThrow(), names, now, now.plus(lifetime)))));
  }

  private boolean isGood(Signed server, List<Signed> authorities, Instant now) {
    return until(server).isAfter(now.plus(lifetime.dividedBy(2))) && names(server.certificate()).containsAll(names)
        && authorities.stream().anyMatch(authority -> authority.certificate().getSubjectX500Principal()
            .equals(server.certificate().getIssuerX500Principal()));
  }

  private static Instant until(Signed signed) {
    return signed.certificate().getNotAfter().toInstant();
  }

  private static Set<String> names(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.stream().filter(name -> name.get(0).equals(DNS_NAME)).forEach(name -> names.add(String.valueOf(name.get(1))));
      }
    } catch (CertificateParsingException e) {
      return Set.of();
    }
    return names;
  }
}
