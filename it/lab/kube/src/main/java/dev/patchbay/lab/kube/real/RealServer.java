package dev.patchbay.lab.kube.real;

import dev.patchbay.lab.kube.tls.CertificateAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * kube-apiserver and etcd on loopback, with certificates, keys and tokens of the lab in a folder of their own. They end when
 * this is closed, and when the process that started them ends, however it does.
 */
public final class RealServer implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(3);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
  private static final int TRIES = 3;

  private final HttpClient client;
  private final List<RealProcess> processes = new ArrayList<>();
  private int port;

  private RealServer(HttpClient client) {
    this.client = client;
  }

  /**
   * The programs.
   *
   * @param apiServer kube-apiserver
   * @param etcd its store
   * @param folder where they keep what they need
   */
  public record Programs(Path apiServer, Path etcd, Path folder) {}

  /**
   * Starts both, and returns when the API server is ready.
   *
   * @param authority signs its certificate
   * @param client trusts the authority
   * @param adminToken of a member of {@code system:masters}
   * @param serviceRanges where cluster addresses are taken from, separated by commas
   * @throws UncheckedIOException if one of them ends or does not become ready; what it said is in the message
   */
  public static RealServer start(
      Programs binaries, CertificateAuthority authority, HttpClient client, String adminToken, String serviceRanges) {
    RealServer server = new RealServer(client);
    try {
      Path folder = binaries.folder();
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      CertificateAuthority.ServerFiles files = authority.serverFiles(List.of("127.0.0.1", "localhost"));
      Files.writeString(folder.resolve("ca.crt"), authority.pem());
      Files.writeString(folder.resolve("server.crt"), files.certificate());
      Files.writeString(folder.resolve("server.key"), files.key());
      CertificateAuthority.SigningKeys accounts = CertificateAuthority.signingKeys();
      Files.writeString(folder.resolve("accounts.key"), accounts.signing());
      Files.writeString(folder.resolve("accounts.pub"), accounts.checking());
      Files.writeString(folder.resolve("tokens.csv"), adminToken + ",admin,admin,system:masters\n");
      for (int attempt = 1; ; attempt++) {
        try {
          server.run(binaries, serviceRanges);
          return server;
        } catch (IOException failure) {
          server.close();
          // Somebody else may have taken a port between its choice and its use.
          if (attempt == TRIES || !String.valueOf(failure.getMessage()).contains("address already in use")) {
            throw failure;
          }
        }
      }
    } catch (IOException failure) {
      server.close();
      throw new UncheckedIOException("the real API server can't be started: " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the real API server started", interrupted);
    }
  }

  private void run(Programs binaries, String serviceRanges) throws IOException, InterruptedException {
    Path folder = binaries.folder();
    String store = "http://127.0.0.1:" + freePort();
    String peers = "http://127.0.0.1:" + freePort();
    processes.add(
        RealProcess.start(
            folder.resolve("etcd.log"),
            List.of(
                binaries.etcd().toString(),
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + store,
                "--advertise-client-urls=" + store,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers,
                // What is in it is worth nothing once the lab is gone.
                "--unsafe-no-fsync",
                "--log-level=error")));
    port = freePort();
    processes.add(
        RealProcess.start(
            folder.resolve("kube-apiserver.log"),
            List.of(
                binaries.apiServer().toString(),
                "--etcd-servers=" + store,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                // Loopback can't be an endpoint; the lab names its own.
                "--advertise-address=192.0.2.1",
                "--endpoint-reconciler-type=none",
                "--cert-dir=" + folder,
                "--tls-cert-file=" + folder.resolve("server.crt"),
                "--tls-private-key-file=" + folder.resolve("server.key"),
                "--client-ca-file=" + folder.resolve("ca.crt"),
                "--token-auth-file=" + folder.resolve("tokens.csv"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + folder.resolve("accounts.pub"),
                "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=" + serviceRanges,
                // No controller makes the accounts that pods would have to have.
                "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
                "--allow-privileged=true")));
    awaitReady();
  }

  private void awaitReady() throws IOException, InterruptedException {
    HttpRequest ready = HttpRequest.newBuilder(uri().resolve("/readyz")).timeout(Duration.ofSeconds(10)).build();
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    String last = "no answer";
    while (System.nanoTime() < deadline) {
      for (RealProcess process : processes) {
        process.requireRunning();
      }
      try {
        HttpResponse<String> answer = client.send(ready, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return;
        }
        last = answer.statusCode() + " " + answer.body();
      } catch (IOException notYet) {
        last = String.valueOf(notYet.getMessage());
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
    throw new IOException("it is not ready after " + LONGEST_START.toSeconds() + " s: " + last);
  }

  /** Where the API server is. */
  public URI uri() {
    return URI.create("https://127.0.0.1:" + port + "/");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    // The API server first: without its store it would complain.
    processes.reversed().forEach(RealProcess::close);
    processes.clear();
  }
}
