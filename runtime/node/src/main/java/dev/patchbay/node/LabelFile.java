package dev.patchbay.node;

import io.avaje.json.mapper.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labels of the node as they were last seen, kept where they survive a boot: a node that starts while the API server is away goes on
 * with the configuration that it had.
 *
 * @param file the file
 * @param nodeName the node's name; what was kept for another node is none of this one's
 */
public record LabelFile(Path file, String nodeName) {
  private static final Logger LOG = LoggerFactory.getLogger(LabelFile.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * {@return where the labels are kept}
   * @param folder the folder of the state that survives a boot
   */
  public static Path pathIn(Path folder) {
    return folder.resolve("node-labels.json");
  }

  /** In the folder of the state that survives a boot. */
  static LabelFile in(Path folder, String nodeName) {
    return new LabelFile(pathIn(folder), nodeName);
  }

  /** The labels; empty if they were never seen. */
  Optional<Map<String, String>> read() {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Map<String, Object> kept = JSON.fromJsonObject(Files.readString(file));
      if (!nodeName.equals(kept.get("node")) || !(kept.get("labels") instanceof Map<?, ?> labels)) {
        return Optional.empty();
      }
      Map<String, String> texts = new TreeMap<>();
      labels.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
      return Optional.of(texts);
    } catch (IOException | RuntimeException e) {
      LOG.warn("The labels in {} can't be read; they are taken to be unknown: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /**
   * {@return where labels are written before they take the place of those that were kept}
   * @param file where they are kept
   */
  public static Path halfWritten(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /** Keeps the labels, whole or not at all. */
  void write(Map<String, String> labels) {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("node", nodeName);
    kept.put("labels", new TreeMap<>(labels));
    Path half = halfWritten(file);
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel out = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(JSON.toJson(kept).getBytes(StandardCharsets.UTF_8)));
        out.force(true);
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("The labels of the node can't be kept in {}; after a restart without API server they will be unknown: {}", file,
          e.toString());
    }
  }
}
