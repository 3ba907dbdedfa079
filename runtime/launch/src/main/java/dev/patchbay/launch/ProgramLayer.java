package dev.patchbay.launch;

import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A layer that was built. For any thread.
 */
public final class ProgramLayer {
  private final String name;
  private final ModuleLayer layer;
  private final Duration buildTime;

  ProgramLayer(String name, ModuleLayer layer, Duration buildTime) {
    this.name = name;
    this.layer = layer;
    this.buildTime = buildTime;
  }

  /**
   * {@return its name}
   */
  public String name() {
    return name;
  }

  /**
   * {@return the layer}
   */
  public ModuleLayer layer() {
    return layer;
  }

  /**
   * {@return how long it took to find, resolve and define its modules}
   */
  public Duration buildTime() {
    return buildTime;
  }

  /**
   * The services that modules of this very layer provide; {@link ServiceLoader} alone also finds those of the layers below.
   * They are made with the layer's class loader as the thread's context class loader.
   *
   * @param load {@code layer -> ServiceLoader.load(layer, Some.class)}, written in the module that says {@code uses}
   * @param <S> the service's type
   * @return the services
   */
  public <S> List<S> services(Function<ModuleLayer, ServiceLoader<S>> load) {
    return inContext(() -> load.apply(layer).stream()
        .filter(provider -> provider.type().getModule().getLayer() == layer)
        .map(ServiceLoader.Provider::get)
        .toList());
  }

  /**
   * Runs something with the layer's class loader as the thread's context class loader, which many libraries ask for their
   * parts; threads that are started meanwhile keep it.
   *
   * @param action what to run
   * @param <T> the type of its result
   * @return its result
   */
  public <T> T inContext(Supplier<T> action) {
    try (ContextLoader _ = ContextLoader.of(layer)) {
      return action.get();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
