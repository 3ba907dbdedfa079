package dev.patchbay.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.CniException;
import dev.patchbay.lab.Lab;
import dev.patchbay.lab.LabException;
import dev.patchbay.lab.LabNode;
import dev.patchbay.lab.Replica;
import dev.patchbay.lab.LabPod;
import dev.patchbay.lab.PodRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * Carries out what other processes ask of a lab: one line of JSON in, one line out, over a unix socket in the lab's folder.
 */
public final class ControlServer implements AutoCloseable {
  private final Lab lab;
  private final ServerSocketChannel listener;

  private interface Handler {
    ObjectNode handle(JsonNode request);
  }

  private final FaultRequests faults;
  private final Map<String, Handler> handlers;

  private ControlServer(Lab lab, ServerSocketChannel listener) {
    this.lab = lab;
    this.listener = listener;
    faults = new FaultRequests(lab);
    handlers = handlers(lab, faults);
    Thread.ofPlatform().daemon().name("control").start(this::accept);
  }

  /** Starts to listen. */
  public static ControlServer start(Lab lab) {
    Path socket = Control.socket(lab.name());
    try {
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return new ControlServer(lab, listener);
    } catch (IOException failure) {
      throw new LabException("cannot listen on " + socket + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      Files.deleteIfExists(Control.socket(lab.name()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Map<String, Handler> handlers(Lab asked, FaultRequests wrong) {
    Map<String, Handler> all = new HashMap<>();
    all.put("env", this::environment);
    all.put("place", this::place);
    all.put("fault add", wrong::add);
    all.put("fault list", request -> wrong.list());
    all.put("fault clear", wrong::clear);
    all.put("graph", request -> JsonNodeFactory.instance.objectNode().put("svg", asked.picture()));
    all.put("record", wrong::record);
    all.put("status", request -> asked.status());
    NetworkRequests networks = new NetworkRequests(asked);
    all.put("eni add", networks::addEni);
    all.put("network add", networks::addNetworks);
    all.put("subnet add", networks::addSubnet);
    all.put("pod add", this::addPod);
    all.put("pod del", this::deletePod);
    all.put("pods add", this::addPods);
    all.put("daemon start", request -> daemon(request, node -> {
      node.daemon().start();
      node.daemon().awaitServing(Control.LONGEST_START);
    }, Replica::start));
    all.put("daemon stop", request -> daemon(request, node -> node.daemon().stop(), Replica::stop));
    all.put("daemon kill", request -> daemon(request, node -> node.daemon().kill(), Replica::kill));
    return Map.copyOf(all);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        Thread.ofPlatform().name("control-request").start(() -> serve(client));
      }
    } catch (ClosedChannelException closed) {
      // The end of every server.
    } catch (IOException failure) {
      throw new UncheckedIOException("the lab's control socket ended", failure);
    }
  }

  private void serve(SocketChannel accepted) {
    try (SocketChannel client = accepted;
        BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
      String line = in.readLine();
      if (line != null) {
        JsonNode request = Control.JSON.readTree(line);
        String answer = Control.JSON.writeValueAsString(answer(request)) + "\n";
        Channels.newOutputStream(client).write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      // Whoever asked did not wait for the answer; what was asked is done.
      System.err.println("A request of the lab was not answered: " + gone);
    }
  }

  private ObjectNode answer(JsonNode request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    String command = request.path("command").asText();
    Handler handler = handlers.get(command);
    try {
      if (handler == null) {
        throw new LabException("the lab knows no command '" + command + "'; is it of another version? Take it down first.");
      }
      answer.set("result", handler.handle(request));
    } catch (CniException refused) {
      answer.put("error", refused.getMessage());
      answer.putObject("cni").put("code", refused.code()).put("msg", refused.text()).put("details", refused.details());
    } catch (RuntimeException failure) {
      answer.put("error", failure.getMessage() == null ? failure.toString() : failure.getMessage());
      if (!(failure instanceof LabException)) {
        failure.printStackTrace();
      }
    }
    return answer;
  }

  private ObjectNode addPod(JsonNode request) {
    PodRequest wanted = PodRequest.of(request.path("name").asText()).in(request.path("namespace").asText());
    for (Map.Entry<String, JsonNode> annotation : request.path("annotations").properties()) {
      wanted = wanted.annotated(annotation.getKey(), annotation.getValue().asText());
    }
    for (JsonNode port : request.path("ports")) {
      wanted = wanted.published(port.path("host").asInt(), port.path("container").asInt());
    }
    if (request.has("serviceAccount")) {
      wanted = wanted.withServiceAccount(request.path("serviceAccount").asText());
    }
    LabPod pod = lab.node(request.path("node").asText()).addPod(wanted);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("millis", pod.addTook().toNanos() / 1e6);
    result.set("result", pod.result());
    return result;
  }

  private ObjectNode environment(JsonNode request) {
    boolean inside = request.path("inside").asBoolean();
    return (request.has("node") ? lab.node(request.path("node").asText()).environment(inside) : lab.administrator(inside)).json();
  }

  private ObjectNode place(JsonNode request) {
    LabNode node = lab.node(request.path("node").asText());
    boolean ofPod = request.has("name");
    return (ofPod ? node.pod(request.path("namespace").asText(), request.path("name").asText()).place() : node.place()).json();
  }

  private ObjectNode addPods(JsonNode request) {
    return JsonNodeFactory.instance.objectNode().put("made", lab.addPods(request.path("each").asInt()).size());
  }

  private ObjectNode deletePod(JsonNode request) {
    lab.node(request.path("node").asText()).deletePod(request.path("namespace").asText(), request.path("name").asText());
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode daemon(
      JsonNode request, java.util.function.Consumer<LabNode> act, java.util.function.Consumer<Replica> actOnReplica) {
    String name = request.path("node").asText();
    if (name.startsWith("cluster-")) {
      actOnReplica.accept(lab.replica(name));
    } else {
      act.accept(lab.node(name));
    }
    return JsonNodeFactory.instance.objectNode();
  }
}
