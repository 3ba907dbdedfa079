package dev.patchbay.cli.daemon;

import dev.patchbay.cli.CommandContext;
import dev.patchbay.cli.CommandException;
import dev.patchbay.config.Configuration;
import dev.patchbay.config.ConfigurationException;
import dev.patchbay.config.ConfigurationFile;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say which node is meant: its configuration, and where its daemon is asked. */
public final class Target {
  /** What holds where there is no file; it needs some mode, which is never looked for. */
  private static final byte[] LEAST = "modes: [{use: any}]".getBytes(StandardCharsets.UTF_8);

  @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration, which says where everything is. Unless named: "
      + "what PATCHBAY_CONFIG names, or /etc/patchbay/patchbay.yaml, or else the defaults.")
  private @Nullable Path config;

  @Option(names = "--address", paramLabel = "HOST:PORT",
      description = "Where the daemon shows its state. Unless named: as the configuration says.")
  private @Nullable String address;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.@Nullable CommandSpec spec;

  /** Made by the command line. */
  public Target() {}

  /**
   * The node that is meant.
   *
   * @param file the configuration file; it need not exist
   * @param configuration what it says, or the defaults
   * @param written whether there is such a file
   * @param daemon the daemon; empty if introspection is off
   */
  public record Node(Path file, Configuration configuration, boolean written, Optional<Daemon> daemon) {
    /**
     * {@return the daemon}
     * @throws CommandException if introspection is off
     */
    public Daemon requireDaemon() {
      return daemon.orElseThrow(() -> new CommandException("The daemon of this node shows nothing: introspection.address is off, or its"
          + " port is left to the kernel, in " + file + ".", "Give it an address on loopback, such as 127.0.0.1:61679, or name the"
          + " right one with --address."));
    }
  }

  /**
   * The configuration, which must be there and right.
   *
   * @param context the command's context
   * @param labels the labels of the node, for overrides
   * @return the node
   * @throws CommandException if the file can't be used, with every mistake
   */
  public Node strict(CommandContext context, Map<String, String> labels) {
    checkAddress();
    Path file = file(context);
    try {
      return node(file, read(file, context.environment(), labels), true);
    } catch (ConfigurationException e) {
      throw new CommandException("The configuration can't be used:\n" + e.getMessage(),
          "\nName the right one with --config.");
    }
  }

  /**
   * The configuration if it is there and right, or the defaults: for commands that show something. A file that somebody named must
   * be there; what is wrong with it is said, and the defaults are used.
   *
   * @param context the command's context
   * @return the node
   * @throws CommandException if a file was named and can't be read
   */
  public Node lenient(CommandContext context) {
    checkAddress();
    Path file = file(context);
    boolean named = config != null || !context.environment().getOrDefault("PATCHBAY_CONFIG", "").isEmpty();
    if (!Files.exists(file)) {
      if (named) {
        throw new CommandException("There is no file " + file + ".", "Name the node's configuration with --config.");
      }
      return node(file, defaults(file, context.environment()), false);
    }
    try {
      return node(file, read(file, context.environment(), Map.of()), true);
    } catch (ConfigurationException e) {
      context.err().println("The configuration can't be used; going on with the defaults:\n" + e.getMessage());
      return node(file, defaults(file, context.environment()), false);
    }
  }

  /**
   * The configuration, right if it is there, or the defaults: for commands that change something and may be run again.
   *
   * @param context the command's context
   * @return the node
   * @throws CommandException if the file can't be used, or a file was named and is not there
   */
  public Node careful(CommandContext context) {
    return Files.exists(file(context)) ? strict(context, Map.of()) : lenient(context);
  }

  /** Wrong usage is told before anything else. */
  private void checkAddress() {
    if (address != null) {
      parsed(address);
    }
  }

  private Path file(CommandContext context) {
    return config != null ? config.toAbsolutePath() : ConfigurationFile.usual(context.environment());
  }

  /**
   * {@return whether the user said where the daemon is}
   */
  public boolean hasAddress() {
    return address != null;
  }

  /**
   * {@return whether the user named a configuration}
   */
  public boolean hasConfig() {
    return config != null;
  }

  private Node node(Path file, Configuration configuration, boolean written) {
    // With port 0 the kernel chose, and nobody else knows.
    Optional<InetSocketAddress> where = address != null ? Optional.of(parsed(address))
        : configuration.introspectionAddress().filter(a -> a.getPort() != 0);
    return new Node(file, configuration, written, where.map(Daemon::new));
  }

  private InetSocketAddress parsed(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
    try {
      int port = Integer.parseInt(text, colon + 1, text.length(), 10);
      if (!host.isEmpty() && host.length() < 256 && host.matches("[0-9A-Za-z.:_-]+") && port > 0 && port < 65_536) {
        return new InetSocketAddress(host, port);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    String shown = text.length() < 80 ? text : text.substring(0, 80) + "...";
    throw new CommandLine.ParameterException(java.util.Objects.requireNonNull(spec).commandLine(),
        "\"" + shown + "\" is no address; write --address HOST:PORT, such as 127.0.0.1:61679.");
  }

  private static Configuration read(Path file, Map<String, String> environment, Map<String, String> labels) {
    return ConfigurationFile.read(file, environment).forNode(labels);
  }

  private static Configuration defaults(Path file, Map<String, String> environment) {
    return ConfigurationFile.parse(file, LEAST, environment).forNode(Map.of());
  }
}
