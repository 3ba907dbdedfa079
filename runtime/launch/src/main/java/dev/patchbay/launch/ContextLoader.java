package dev.patchbay.launch;

/**
 * The one place where a thread's context class loader is set: for as long as it is open, on the thread that opened it.
 */
final class ContextLoader implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final ClassLoader before = thread.getContextClassLoader();

  private ContextLoader(ClassLoader loader) {
    thread.setContextClassLoader(loader);
  }

  /** All modules of a layer that the launcher makes have one loader. */
  static ContextLoader of(ModuleLayer layer) {
    String any = layer.modules().stream().findFirst().orElseThrow().getName();
    return new ContextLoader(layer.findLoader(any));
  }

  @Override
  public void close() {
    thread.setContextClassLoader(before);
  }
}
