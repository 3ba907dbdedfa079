package dev.patchbay.lab;

import dev.patchbay.lab.ec2.IssuedCredentials;
import dev.patchbay.lab.fabric.Fabric;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients that are not ours need to use the lab: as a node, with what its role and its service account may do, or as the
 * administrator. Writes the files that they read, below the lab's folder, when they are first asked for. Thread-safe.
 */
final class Clients {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration ADMINISTRATOR_LIVES = Duration.ofDays(365);

  /**
   * What leads SDKs elsewhere, or to other credentials: the environment comes first in every SDK's chain of them (AWS SDKs and
   * Tools reference guide, "Standardized credential providers").
   */
  static final List<String> MISLEADING =
      List.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_SECURITY_TOKEN",
          "AWS_PROFILE",
          "AWS_DEFAULT_PROFILE",
          "AWS_ROLE_ARN",
          "AWS_ROLE_SESSION_NAME",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
          "AWS_USE_FIPS_ENDPOINT",
          "AWS_USE_DUALSTACK_ENDPOINT",
          "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");

  private final Lab lab;
  private final Path folder;

  /**
   * Writes nothing yet.
   *
   * @param folder of its own; made when it is needed
   */
  Clients(Lab lab, Path folder) {
    this.lab = lab;
    this.folder = folder;
  }

  /**
   * As a node: EC2 with the credentials of its role, which SDKs fetch from instance metadata and renew by themselves, and the
   * Kubernetes API with its service account.
   *
   * @param inside for a process in the node's network; else for one in the machine's own
   */
  ClientEnvironment ofNode(LabNode node, boolean inside) {
    Map<String, String> set = common(inside, "credentials", "# The credentials come from instance metadata.\n");
    set.put("AWS_EC2_METADATA_DISABLED", "false");
    set.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata(node, inside));
    Path kubeconfig = inside ? node.kubeconfig() : file(node.name() + "-kubeconfig", lab.cluster().nodeKubeconfig(LOOPBACK));
    set.put("KUBECONFIG", kubeconfig.toString());
    set.put("NODE_NAME", node.name());
    set.put("CNI_PATH", node.cniBin().toString());
    set.put("NETCONFPATH", node.cniConf().toString());
    return environment(set);
  }

  /**
   * As who may do everything, in EC2 and in Kubernetes.
   *
   * @param inside for a process in a node's network; else for one in the machine's own
   */
  ClientEnvironment ofAdministrator(boolean inside) {
    Map<String, String> set = common(inside, "administrator", administrator());
    // So that an SDK does not look for a machine's role.
    set.put("AWS_EC2_METADATA_DISABLED", "true");
    String url = "https://" + (inside ? host() : LOOPBACK) + ":" + lab.kube().port();
    String text = lab.kube().adminKubeconfig().replace(lab.kube().url(), url);
    set.put("KUBECONFIG", file(inside ? "administrator-kubeconfig-inside" : "administrator-kubeconfig", text).toString());
    return environment(set);
  }

  /** Where the processes of a node run. */
  Place insideOf(LabNode node) {
    return new Place(List.of("nsenter", "--net=" + node.netns().path()), ofNode(node, true));
  }

  private Map<String, String> common(boolean inside, String credentials, String credentialsText) {
    String region = lab.model().settings().region();
    String endpoint = "http://" + (inside ? host() : LOOPBACK) + ":" + lab.ec2Uri().getPort();
    Map<String, String> set = new LinkedHashMap<>();
    set.put("PATCHBAY_LAB", lab.name());
    set.put("AWS_REGION", region);
    set.put("AWS_DEFAULT_REGION", region);
    set.put("AWS_ENDPOINT_URL_EC2", endpoint);
    // Other services go there, too, which refuses them: nothing that is meant for the lab may reach AWS.
    set.put("AWS_ENDPOINT_URL", endpoint);
    set.put("AWS_CONFIG_FILE", file("config", "[default]\nregion = " + region + "\n").toString());
    set.put("AWS_SHARED_CREDENTIALS_FILE", file(credentials, credentialsText).toString());
    set.put("PATCHBAY_LAB_CA", file("ca.crt", lab.kube().caPem()).toString());
    return set;
  }

  private static ClientEnvironment environment(Map<String, String> set) {
    return new ClientEnvironment(
        set, MISLEADING, List.of(LOOPBACK, "localhost", host(), Fabric.METADATA.getHostAddress()));
  }

  private String metadata(LabNode node, boolean inside) {
    if (inside) {
      return "http://" + Fabric.METADATA.getHostAddress();
    }
    Optional<InetSocketAddress> served = lab.imdsAddress(node.instanceId());
    return "http://" + LOOPBACK + ":" + served.orElseThrow(() -> new LabException("no metadata service of " + node.name() + " runs")).getPort();
  }

  private String administrator() {
    IssuedCredentials issued = lab.ec2().callers().issue(Cloud.ADMINISTRATOR, ADMINISTRATOR_LIVES);
    return """
        [default]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        aws_session_token = %s
        """
        .formatted(issued.accessKeyId(), issued.secretAccessKey(), issued.sessionToken());
  }

  private static String host() {
    return Fabric.LAB_HOST.getHostAddress();
  }

  /** A file for root's eyes; what is there already stays, since somebody may be reading it. */
  private synchronized Path file(String name, String text) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(folder);
        Path made = folder.resolve(name + ".new");
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, text, StandardOpenOption.WRITE);
        Files.move(made, file);
      }
      return file;
    } catch (IOException failure) {
      throw new LabException("cannot write " + file + ": " + failure.getMessage(), failure);
    }
  }
}
