package dev.patchbay.lab.kube.controllers;

import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.ObjectDeleter;
import dev.patchbay.lab.kube.operations.ObjectReader;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.ObjectStore.Written;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs the controllers on a thread of its own. Whoever starts it closes it. */
public final class Controllers implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Controllers.class.getName());

  private final LinkedBlockingQueue<Written> queue;
  private final List<Controller> controllers;
  private final Thread thread;

  /**
   * @param queue where the store puts what has been written
   * @param caPem the authority's certificate, published in every namespace
   */
  public Controllers(
      LinkedBlockingQueue<Written> queue,
      ResourceRegistry registry,
      ObjectReader reader,
      ObjectWriter writer,
      ObjectDeleter deleter,
      String caPem) {
    this.queue = queue;
    this.controllers = List.of(
            new NamespaceContents(registry, writer, caPem),
            new Emptier(registry, reader, writer, deleter),
            new GarbageCollector(registry, reader, writer, deleter));
    this.thread = Thread.ofVirtual().name("kube-controllers").unstarted(this::run);
  }

  /** Begins with what was written before. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Written written = queue.take();
        controllers.forEach(each -> react(each, written));
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static void react(Controller controller, Written written) {
    try {
      controller.react(written);
    } catch (StatusException e) {
      // A later write to the same objects, or their absence, has made it pointless; a webhook may also refuse it.
      LOG.log(
          System.Logger.Level.DEBUG,
          () ->
              controller.getClass().getSimpleName()
                  + " could not react to the change of "
                  + written.resource()
                  + " "
                  + written.change().object().key()
                  + ": "
                  + e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
