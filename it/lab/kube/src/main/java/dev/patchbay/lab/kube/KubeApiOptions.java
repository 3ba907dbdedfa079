package dev.patchbay.lab.kube;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the API server is started. Immutable; each {@code with} method gives a changed copy.
 *
 * @param address where to listen; the wildcard address makes it reachable from other network namespaces by any of the
 *     host's addresses
 * @param port the port, 0 for any that is free
 * @param advertised the host name or address in {@link KubeApiServer#url()} and in kubeconfigs
 * @param certificateNames further host names and addresses that the server's certificate is good for
 * @param historyWindow how many changes of each resource are remembered for watches that go on from an older version
 * @param bookmarkPeriod how often a watch that allows bookmarks gets one
 * @param serviceCidr where cluster addresses of IPv4 services are taken from, {@code 10.100.0.0/16} for instance
 * @param serviceCidr6 where cluster addresses of IPv6 services are taken from, {@code fd00:10:100::/112} for instance
 * @param requestsKept how many requests the recorder keeps in full
 * @param binaries the real API server, which then answers in place of the lab's own
 */
public record KubeApiOptions(
    InetAddress address,
    int port,
    String advertised,
    List<String> certificateNames,
    int historyWindow,
    Duration bookmarkPeriod,
    String serviceCidr,
    String serviceCidr6,
    int requestsKept,
    Optional<KubeBinaries> binaries) {

  /** Copies the list. */
  public KubeApiOptions {
    certificateNames = List.copyOf(certificateNames);
    if (port < 0 || port > 65_535 || historyWindow < 1 || requestsKept < 0) {
      throw new IllegalArgumentException(
          "port must be 0 to 65535, historyWindow at least 1, requestsKept at least 0; given were "
              + port + ", " + historyWindow + ", " + requestsKept);
    }
  }

  /** On the loopback address and any free port. */
  public static KubeApiOptions loopback() {
    return new KubeApiOptions(
        InetAddress.getLoopbackAddress(),
        0,
        "127.0.0.1",
        List.of(),
        1000,
        Duration.ofMinutes(1),
        "10.100.0.0/16",
        "fd00:10:100::/112",
        10_000,
        Optional.empty());
  }

  /**
   * On another address.
   *
   * @param newAddress where to listen
   * @param newPort the port, 0 for any that is free
   * @param newAdvertised how clients are told to reach it; the certificate is good for it
   */
  public KubeApiOptions withAddress(InetAddress newAddress, int newPort, String newAdvertised) {
    return new KubeApiOptions(
        newAddress,
        newPort,
        newAdvertised,
        certificateNames,
        historyWindow,
        bookmarkPeriod,
        serviceCidr,
        serviceCidr6,
        requestsKept,
        binaries);
  }

  /** With a certificate that is good for further names and addresses. */
  public KubeApiOptions withCertificateNames(List<String> names) {
    return new KubeApiOptions(
        address, port, advertised, names, historyWindow, bookmarkPeriod, serviceCidr, serviceCidr6, requestsKept, binaries);
  }

  /** With another window of history. */
  public KubeApiOptions withHistoryWindow(int changes) {
    return new KubeApiOptions(
        address, port, advertised, certificateNames, changes, bookmarkPeriod, serviceCidr, serviceCidr6, requestsKept, binaries);
  }

  /** With bookmarks at another interval. */
  public KubeApiOptions withBookmarkPeriod(Duration period) {
    return new KubeApiOptions(
        address, port, advertised, certificateNames, historyWindow, period, serviceCidr, serviceCidr6, requestsKept, binaries);
  }

  /** With other ranges for the cluster addresses of services. */
  public KubeApiOptions withServiceCidrs(String ipv4, String ipv6) {
    return new KubeApiOptions(
        address, port, advertised, certificateNames, historyWindow, bookmarkPeriod, ipv4, ipv6, requestsKept, binaries);
  }

  /** With the real API server in place of the lab's own. History and bookmarks are then its own affair. */
  public KubeApiOptions withBinaries(KubeBinaries real) {
    return new KubeApiOptions(
        address,
        port,
        advertised,
        certificateNames,
        historyWindow,
        bookmarkPeriod,
        serviceCidr,
        serviceCidr6,
        requestsKept,
        Optional.of(real));
  }
}
