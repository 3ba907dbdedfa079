package dev.patchbay.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.util.Optional;

/** What a mode's module holds beside classes. */
final class Resources {
  private Resources() {}

  /** Whether there is a resource of that name; in a module of its own nobody else can look for it by the class. */
  static boolean has(Class<?> mode, String name) {
    Optional<ResolvedModule> module = Optional.ofNullable(mode.getModule().getLayer())
        .flatMap(layer -> layer.configuration().findModule(mode.getModule().getName()));
    if (module.isEmpty()) {
      return mode.getResource(name) != null;
    }
    try (ModuleReader reader = module.get().reference().open()) {
      return reader.find(name.startsWith("/") ? name.substring(1) : name).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException("the module of " + mode + " can't be read", e);
    }
  }
}
