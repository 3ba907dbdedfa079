package dev.patchbay.lab.calls;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes each call as a line of JSON from now until it is closed, flushed line by line so that the file can be followed.
 *
 * <p>Whoever opens it closes it. Thread-safe.
 */
public final class CallFile implements AutoCloseable {
  private final Recorder recorder;
  private final Path path;
  private final BufferedWriter writer;
  private final Consumer<Recorder.Call> follower = this::write;
  private boolean closed;
  private @Nullable IOException failure;

  private CallFile(Recorder recorder, Path path) throws IOException {
    this.recorder = recorder;
    this.path = path;
    writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
  }

  /**
   * Writes to a file, which is made or emptied.
   *
   * @throws UncheckedIOException if it can't be opened
   */
  public static CallFile open(Recorder recorder, Path path) {
    try {
      CallFile file = new CallFile(recorder, path);
      recorder.follow(file.follower);
      return file;
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  /**
   * Writes calls that were made already, and nothing later.
   *
   * @throws UncheckedIOException if the file can't be written
   */
  public static void write(List<Recorder.Call> calls, Path path) {
    try (BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8)) {
      for (Recorder.Call call : calls) {
        writer.write(line(call));
        writer.newLine();
      }
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  private static UncheckedIOException cannotWrite(Path path, IOException e) {
    return new UncheckedIOException("calls can't be written to " + path + "; is its folder there, and may the lab write in it?", e);
  }

  /** A call as one line of JSON, without the line's end. */
  public static String line(Recorder.Call call) {
    StringBuilder json = new StringBuilder("{");
    member(json, "time", call.time().toString()).append(",\"tookMillis\":").append(call.took().toNanos() / 1_000_000.0);
    member(json.append(','), "service", call.service());
    member(json.append(','), "caller", call.caller());
    member(json.append(','), "action", call.action());
    json.append(",\"parameters\":{");
    String separator = "";
    for (Map.Entry<String, String> parameter : call.parameters().entrySet()) {
      member(json.append(separator), parameter.getKey(), parameter.getValue());
      separator = ",";
    }
    member(json.append("},"), "outcome", call.outcome());
    if (!call.fault().isEmpty()) {
      member(json.append(','), "fault", call.fault());
    }
    return json.append('}').toString();
  }

  private static StringBuilder member(StringBuilder json, String name, String value) {
    return text(text(json, name).append(':'), value);
  }

  private static StringBuilder text(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }

  private synchronized void write(Recorder.Call call) {
    if (closed || failure != null) {
      return;
    }
    try {
      writer.write(line(call));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      // The service that answers the call has nothing to do with it; whoever closes this hears of it.
      failure = e;
    }
  }

  /**
   * Ends the file.
   *
   * @throws UncheckedIOException if it could not be written to its end
   */
  @Override
  public void close() {
    recorder.unfollow(follower);
    synchronized (this) {
      closed = true;
      try {
        writer.close();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
      if (failure != null) {
        throw cannotWrite(path, failure);
      }
    }
  }
}
