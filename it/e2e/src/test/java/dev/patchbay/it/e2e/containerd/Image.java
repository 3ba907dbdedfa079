package dev.patchbay.it.e2e.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * An image of the machine's own busybox, in the layout of the OCI image specification, packed as a tar. It serves HTTP on port
 * {@link #PORT} and tells every client the address from which it saw it come.
 */
final class Image {
  static final String NAME = "docker.io/patchbay/busybox:1";
  static final int PORT = 8080;

  /** What it runs unless told otherwise. */
  static final List<String> COMMAND = List.of("/bin/httpd", "-f", "-p", String.valueOf(PORT), "-h", "/www");

  private static final String PATH = "/cgi-bin/from";
  private static final List<String> APPLETS = List.of("httpd", "ip", "nc", "sh", "sleep", "wget");

  private Image() {}

  /** Where it says from which address a client came. */
  static String path() {
    return PATH;
  }

  /** Makes the tar in a folder. */
  static Path write(Path folder) throws IOException {
    Path root = folder.resolve("root");
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/usr/bin/busybox"), bin.resolve("busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Path script = root.resolve("www" + PATH);
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n%s\\n' \"$REMOTE_ADDR\"\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path layer = tar(folder.resolve("layer.tar"), root);

    Path layout = folder.resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    String layerBlob = blob(blobs, Files.readAllBytes(layer), "application/vnd.oci.image.layer.v1.tar");
    String config =
        blob(
            blobs,
            """
            {"architecture": "%s", "os": "linux", "config": {"Cmd": ["%s"], "Env": ["PATH=/bin"]},
             "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
            """
                .formatted(architecture(), String.join("\", \"", COMMAND), digest(Files.readAllBytes(layer)))
                .getBytes(StandardCharsets.UTF_8),
            "application/vnd.oci.image.config.v1+json");
    String manifest =
        blob(
            blobs,
            "{\"schemaVersion\": 2, \"config\": %s, \"layers\": [%s]}".formatted(config, layerBlob).getBytes(StandardCharsets.UTF_8),
            "application/vnd.oci.image.manifest.v1+json");
    String named = manifest.replaceFirst("}$", ", \"annotations\": {\"io.containerd.image.name\": \"" + NAME + "\"}}");
    Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\": 2, \"manifests\": [" + named + "]}");
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
    return tar(folder.resolve("image.tar"), layout);
  }

  /** As OCI calls them, which is as Go does. */
  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }

  private static String blob(Path blobs, byte[] content, String type) throws IOException {
    String digest = digest(content);
    Files.write(blobs.resolve(digest.substring("sha256:".length())), content);
    return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d}".formatted(type, digest, content.length);
  }

  private static String digest(byte[] content) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  private static Path tar(Path file, Path of) {
    Output.of(new ProcessBuilder("tar", "--owner=0", "--group=0", "-cf", file.toString(), "-C", of.toString(), ".")).orThrow("pack " + of);
    return file;
  }
}
