package dev.patchbay.kube;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads kubeconfig files (Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files"). The plain ones that a daemon is
 * mostly given, with a server, an authority and a token, are read here, which spares the memory of a library that maps objects; for all
 * others (plugins that make credentials, certificates, proxies) there is the client's own reader.
 */
final class Kubeconfig {
  private static final Set<String> PLAIN_CLUSTER = Set.of("server", "certificate-authority", "certificate-authority-data");
  private static final Set<String> PLAIN_USER = Set.of("token", "tokenFile");

  private Kubeconfig() {}

  /**
   * Reads a file.
   *
   * @throws ApiFailure if it is not there or makes no sense
   */
  static Config read(Path file) {
    Map<?, ?> all;
    try {
      all = map(new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(Files.readString(file)));
    } catch (IOException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the kubeconfig " + file + " is not there or can't be read: " + e);
    } catch (YamlEngineException e) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the kubeconfig " + file + " is no YAML: " + e.getMessage());
    }
    Map<?, ?> context = named(all, "contexts", "context", String.valueOf(all.get("current-context")));
    Map<?, ?> cluster = named(all, "clusters", "cluster", String.valueOf(context.get("cluster")));
    Map<?, ?> user = named(all, "users", "user", String.valueOf(context.get("user")));
    if (!cluster.containsKey("server")) {
      throw new ApiFailure(ApiFailure.Kind.UNREACHABLE, "the kubeconfig " + file + " names no server in its current context");
    }
    boolean plain = PLAIN_CLUSTER.containsAll(cluster.keySet()) && PLAIN_USER.containsAll(user.keySet()) && !user.isEmpty();
    return plain ? plain(file, cluster, user) : Config.fromKubeconfig(file.toFile());
  }

  private static Config plain(Path file, Map<?, ?> cluster, Map<?, ?> user) {
    Config config = Config.empty();
    text(cluster, "server", config::setMasterUrl);
    text(cluster, "certificate-authority-data", config::setCaCertData);
    text(cluster, "certificate-authority", name -> config.setCaCertFile(file.resolveSibling(name).toString()));
    Object tokenFile = user.get("tokenFile");
    // Tokens are renewed in the file that they came from, so it is looked at for each request.
    Renewed token = tokenFile == null ? new Renewed(file, text -> String.valueOf(user(text).get("token")))
        : new Renewed(file.resolveSibling(tokenFile.toString()), String::strip);
    config.setOauthTokenProvider(token::get);
    return config;
  }

  private static Map<?, ?> user(String text) {
    Map<?, ?> all = map(new Load(LoadSettings.builder().build()).loadFromString(text));
    Map<?, ?> context = named(all, "contexts", "context", String.valueOf(all.get("current-context")));
    return named(all, "users", "user", String.valueOf(context.get("user")));
  }

  private static void text(Map<?, ?> map, String name, Consumer<String> to) {
    Optional.ofNullable(map.get(name)).map(Object::toString).ifPresent(to);
  }

  private static Map<?, ?> named(Map<?, ?> all, String list, String member, String name) {
    if (all.get(list) instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> one && name.equals(one.get("name"))) {
          return map(one.get(member));
        }
      }
    }
    return Map.of();
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  /** A token in a file, read again when the file has changed. For any number of threads. */
  private static final class Renewed {
    private final Path file;
    private final UnaryOperator<String> token;
    private @Nullable FileTime read;
    private String last = "";

    private Renewed(Path file, UnaryOperator<String> token) {
      this.file = file;
      this.token = token;
    }

    private synchronized String get() {
      try {
        FileTime changed = Files.getLastModifiedTime(file);
        if (!changed.equals(read)) {
          last = token.apply(Files.readString(file));
          read = changed;
        }
      } catch (IOException | YamlEngineException e) {
        // While it is being replaced, the token at hand is the best there is; a refusal is told in its own words.
        return last;
      }
      return last;
    }
  }
}
