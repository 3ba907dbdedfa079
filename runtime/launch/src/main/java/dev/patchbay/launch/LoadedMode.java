package dev.patchbay.launch;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.NetworkMode;
import dev.patchbay.spi.NetworkModeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A mode that was loaded into a layer of its own.
 */
public final class LoadedMode {
  private final NetworkModeProvider provider;
  private final String id;
  private final ModeDescriptor descriptor;
  private final String version;
  private final Path file;
  private final String sha256;
  private final Supplier<List<LibraryReport>> libraries;

  LoadedMode(NetworkModeProvider provider, String id, ModeDescriptor descriptor, String version, Path file, String sha256,
      Supplier<List<LibraryReport>> libraries) {
    this.provider = provider;
    this.id = id;
    this.descriptor = descriptor;
    this.version = version;
    this.file = file;
    this.sha256 = sha256;
    this.libraries = libraries;
  }

  /**
   * {@return what the mode's module provides}
   */
  public NetworkModeProvider provider() {
    return provider;
  }

  /**
   * Makes the mode. Whatever its code does, this comes back.
   *
   * @param settings its settings, with the defaults of those that nobody set
   * @return the mode, which has answers for each planner that it may have
   * @throws dev.patchbay.spi.SettingException if the mode can't be made with these settings, and says why
   * @throws ModeBrokenException if it threw anything else, or null came, or nothing
   */
  public NetworkMode make(Fields settings) {
    return new Asking(Asking.LIMIT).ask(moduleName(), () -> {
      NetworkMode mode = provider.create(() -> settings);
      // Asked once here, where it may throw: whoever has the mode asks again and again.
      Stream.of(mode.eniPlanner(), mode.addressPlanner(), mode.datapathPlanner(), mode.objectPlanner(), mode.laneModifier(),
          mode.podClaim(), mode.extraPlanner(), mode.clusterPlanner(), mode.admissionPlanner()).forEach(Objects::requireNonNull);
      return mode;
    });
  }

  /**
   * {@return the mode's name, its provider's {@link NetworkModeProvider#id()}}
   */
  public String id() {
    return id;
  }

  /**
   * {@return what the mode said of itself when it was loaded; asked again it might say something else, or throw}
   */
  public ModeDescriptor descriptor() {
    return descriptor;
  }

  /**
   * {@return the name of the mode's module}
   */
  public String moduleName() {
    return provider.getClass().getModule().getName();
  }

  /**
   * {@return the version in the module's descriptor; {@code unversioned} if there is none}
   */
  public String version() {
    return version;
  }

  /**
   * Reads a resource of the mode's module, which nobody else can look into otherwise.
   *
   * @param name its name, as the mode declares it: a path, with or without a slash before it
   * @return its bytes; empty if the module has none of that name
   * @throws IOException if it can't be read
   */
  public Optional<byte[]> resource(String name) throws IOException {
    Module module = provider.getClass().getModule();
    ResolvedModule resolved = module.getLayer().configuration().findModule(module.getName()).orElseThrow();
    try (ModuleReader reader = resolved.reference().open()) {
      Optional<InputStream> found = reader.open(name.startsWith("/") ? name.substring(1) : name);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try (InputStream in = found.get()) {
        return Optional.of(in.readAllBytes());
      }
    }
  }

  /**
   * {@return the jar or directory that it was loaded from, as it was asked for}
   */
  public Path file() {
    return file;
  }

  /**
   * {@return the SHA-256 digest, 64 lower-case hexadecimal digits: of the jar's bytes; of a directory, what
   *     {@code LC_ALL=C sha256sum * | sha256sum} prints in it}
   */
  public String sha256() {
    return sha256;
  }

  /**
   * Reads the libraries that the mode brings and reports what in them reaches outside. Takes some time for large ones; not
   * remembered.
   *
   * @return one report for each library that does
   */
  public List<LibraryReport> libraries() {
    return libraries.get();
  }

  @Override
  public String toString() {
    return id + " " + version;
  }
}
