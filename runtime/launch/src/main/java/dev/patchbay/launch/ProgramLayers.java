package dev.patchbay.launch;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** The layers of one program, each built once, when it is first needed. For any thread. */
final class ProgramLayers {
  /** The only modules of a program that may call native code. */
  private static final Set<String> NATIVE = Set.of("dev.patchbay.netlink", "dev.patchbay.linux");

  private final Path lib;
  private final List<String> names;
  private final ModuleLayer boot;
  private final List<CompletableFuture<ProgramLayer>> started = new ArrayList<>();

  ProgramLayers(Path lib, List<String> names, ModuleLayer boot) {
    this.lib = lib;
    this.names = List.copyOf(names);
    this.boot = boot;
  }

  List<String> names() {
    return names;
  }

  /** A program, and the layer that provides it. */
  record Found(Program program, ProgramLayer layer) {}

  /** Builds layers on the calling thread until one provides the program. */
  Found find(String program) {
    for (int i = 0; i < names.size(); i++) {
      ProgramLayer layer = joined(through(i, Runnable::run));
      Optional<Program> first = layer.services(l -> ServiceLoader.load(l, Program.class)).stream()
          .filter(candidate -> candidate.name().equals(program))
          .findFirst();
      if (first.isPresent()) {
        return new Found(first.get(), layer);
      }
    }
    throw new LaunchException("none of the layers " + String.join(", ", names) + " provides the program " + program
        + ". Put its jar into " + lib + ", or correct its line in layers.properties.");
  }

  private static ProgramLayer joined(CompletableFuture<ProgramLayer> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LaunchException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** The layer of that name, built on a thread of its own unless it was built before. */
  CompletableFuture<ProgramLayer> layer(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("the program has no layer " + name + "; it has " + String.join(", ", names));
    }
    return through(index, task -> Thread.ofPlatform().name("layer-" + name).daemon().start(task));
  }

  private synchronized CompletableFuture<ProgramLayer> through(int index, Executor executor) {
    while (started.size() <= index) {
      String name = names.get(started.size());
      CompletableFuture<ModuleLayer> below = started.isEmpty() ? CompletableFuture.completedFuture(boot)
          : started.getLast().thenApply(ProgramLayer::layer);
      started.add(below.thenApplyAsync(parent -> build(name, parent), executor));
    }
    return started.get(index);
  }

  // Controller.enableNativeAccess: this module has native access (--enable-native-access) to hand it on to two others.
  @SuppressWarnings("restricted")
  private ProgramLayer build(String name, ModuleLayer parent) {
    long start = System.nanoTime();
    Path folder = lib.resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new LaunchException("there is no folder " + folder + ", which holds the layer " + name
          + ". Install Patchbay anew, or take the layer out of layers.properties.");
    }
    try {
      ModuleFinder finder = ModuleFinder.of(folder);
      // Automatic modules declare no requires, so every module is a root. The folder is searched after the layers below, so
      // what one of them has is not loaded again.
      Set<String> roots = finder.findAll().stream().map(reference -> reference.descriptor().name()).collect(Collectors.toSet());
      Configuration configuration =
          Configuration.resolve(ModuleFinder.of(), List.of(parent.configuration()), finder, roots);
      ModuleLayer.Controller controller = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(parent),
          ClassLoader.getPlatformClassLoader());
      for (Module module : controller.layer().modules()) {
        if (NATIVE.contains(module.getName())) {
          controller.enableNativeAccess(module);
        }
      }
      return new ProgramLayer(name, controller.layer(), Duration.ofNanos(System.nanoTime() - start));
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      throw new LaunchException("the layer " + name + " in " + folder + " can't be built: " + e.getMessage()
          + ". Install Patchbay anew; a jar is missing there, or one too many lies there.", e);
    }
  }
}
