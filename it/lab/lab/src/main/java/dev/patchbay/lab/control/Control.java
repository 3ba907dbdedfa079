package dev.patchbay.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks a lab that runs in another process. */
public final class Control {
  static final ObjectMapper JSON = new ObjectMapper();
  static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final int SECONDS_TO_END = 60;

  private Control() {}

  static Path socket(String lab) {
    return Lab.folder(lab).resolve("control.sock");
  }

  /** A request to be filled in. */
  public static ObjectNode request(String command) {
    return JsonNodeFactory.instance.objectNode().put("command", command);
  }

  /**
   * Asks.
   *
   * @return the member {@code result} of the answer
   * @throws LabException with what the lab answers if it could not do it, or if there is no such lab
   */
  public static JsonNode ask(String lab, ObjectNode request) {
    if (!Files.exists(socket(lab))) {
      throw new LabException("there is no lab '" + lab + "'" + others() + "; start one with: patchbay lab up");
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(lab)))) {
      Channels.newOutputStream(channel).write((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
      @Nullable String line = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).readLine();
      if (line == null) {
        throw new LabException("lab '" + lab + "' ended while it was asked; see what is left with: patchbay lab down");
      }
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new LabException(answer.path("error").asText());
      }
      return answer.path("result");
    } catch (IOException failure) {
      throw new LabException(
          "lab '" + lab + "' does not answer (" + failure.getMessage() + "); remove what is left with: patchbay lab down", failure);
    }
  }

  /**
   * Takes a lab down, whatever state it is in, and returns when all of it is gone.
   *
   * @return false if there was nothing
   */
  public static boolean down(String lab) {
    Optional<ProcessHandle> owner = Lab.owner(lab);
    boolean anything = owner.isPresent() || Lab.names().contains(lab);
    if (owner.isPresent()) {
      end(lab, owner.get());
    }
    if (anything) {
      Lab.clear(lab);
    }
    LabProcess.removeLogs(lab);
    Lab.sweep();
    return anything;
  }

  private static void end(String lab, ProcessHandle process) {
    // It removes everything itself; one that can't is killed, and its remains are removed from here.
    process.destroy();
    try {
      process.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException stuck) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while lab '" + lab + "' was taken down", interrupted);
    }
  }

  /**
   * Removes what is left of labs whose process is gone. Those that run stay as they are.
   *
   * @return their names
   */
  public static List<String> removeRemains() {
    List<String> removed = Lab.names().stream().filter(name -> Lab.owner(name).isEmpty()).filter(Lab::clearIfLeft).toList();
    removed.forEach(LabProcess::removeLogs);
    Lab.sweep();
    return removed;
  }

  /** The labs that there are, for the end of a sentence. */
  public static String others() {
    return Lab.names().isEmpty() ? "" : "; there is " + String.join(", ", Lab.names());
  }
}
