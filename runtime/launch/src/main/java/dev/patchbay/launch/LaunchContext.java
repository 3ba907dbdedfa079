package dev.patchbay.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a program gets from the launcher. For any thread.
 */
public interface LaunchContext {
  /**
   * {@return the program's arguments, without its name}
   */
  List<String> arguments();

  /**
   * {@return the folder of the installation, absolute}
   */
  Path home();

  /**
   * {@return the names of the program's layers, from the first to the last; each stands on the one before it}
   */
  List<String> layers();

  /**
   * Gives a layer of the program, building it and those below it in the background if need be. The same future at each
   * call; it fails with {@link LaunchException} if the layer can't be built.
   *
   * @param name one of {@link #layers()}
   * @return the layer
   * @throws IllegalArgumentException if the program has no layer of that name
   */
  CompletableFuture<ProgramLayer> layer(String name);

  /**
   * Loads module files, each into a layer of its own on the boot layer, so that what one brings never meets what the
   * runtime or another mode brings. Blocks until all are loaded or refused. A file that is asked for again is loaded again.
   *
   * @param files the files that may be loaded
   * @return what was loaded and what was refused, together one for each file at least
   */
  ModeLoading loadModes(List<ModuleFile> files);
}
