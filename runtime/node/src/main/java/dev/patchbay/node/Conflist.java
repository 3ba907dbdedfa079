package dev.patchbay.node;

import dev.patchbay.config.Configuration;
import dev.patchbay.spi.Fields;
import io.avaje.json.JsonWriter;
import io.avaje.json.mapper.JsonMapper;
import io.avaje.json.stream.JsonStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The network configuration that container runtimes read. Its appearance tells them that the node can serve, so it is written then
 * and not before; it is kept over restarts of the daemon.
 */
final class Conflist {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> ALL = List.of("0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");

  private final Configuration.Cni cni;

  Conflist(Configuration.Cni cni) {
    this.cni = cni;
  }

  /** The text: the version configured, all versions that every chained plugin speaks, ours first. */
  String text() {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("cniVersion", cni.cniVersion());
    // What a chained plugin that is not ours speaks beyond the version configured is not known without running it.
    List<String> versions = cni.chained().isEmpty() ? ALL : ALL.subList(0, ALL.indexOf(cni.cniVersion()) + 1);
    list.put("cniVersions", versions.stream().filter(v -> ALL.indexOf(v) <= ALL.indexOf(cni.cniVersion())).toList());
    list.put("name", cni.networkName());
    List<Object> plugins = new ArrayList<>();
    Map<String, Object> ours = new LinkedHashMap<>();
    ours.put("type", "patchbay-cni");
    ours.put("socket", cni.socket().toString());
    boolean portmap = cni.chained().stream().anyMatch(p -> p.text("type").equals(java.util.Optional.of("portmap")));
    boolean bandwidth = cni.chained().stream().anyMatch(p -> p.text("type").equals(java.util.Optional.of("bandwidth")));
    Map<String, Object> capabilities = new LinkedHashMap<>();
    if (!portmap) {
      capabilities.put("portMappings", true);
    }
    if (!bandwidth) {
      capabilities.put("bandwidth", true);
    }
    if (!capabilities.isEmpty()) {
      ours.put("capabilities", capabilities);
    }
    plugins.add(ours);
    cni.chained().forEach(p -> plugins.add(plain(p)));
    list.put("plugins", plugins);
    StringWriter text = new StringWriter();
    try (JsonWriter writer = JsonStream.builder().build().writer(text)) {
      writer.pretty(true);
      JSON.toJson(list, writer);
    }
    return text + "\n";
  }

  private static Object plain(Object value) {
    if (value instanceof Fields fields) {
      Map<String, Object> map = new LinkedHashMap<>();
      fields.values().forEach((name, v) -> map.put(name, plain(v)));
      return map;
    }
    return value instanceof List<?> list ? list.stream().map(Conflist::plain).toList() : value;
  }

  /** Writes the file, whole or not at all; leaves one that is already right. */
  void write() throws IOException {
    Path file = cni.confFile();
    String text = text();
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Files.createDirectories(file.getParent());
    // The runtime reads every file that ends in .conflist, so the unfinished one has another ending.
    Path half = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out = FileChannel.open(half, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      out.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
