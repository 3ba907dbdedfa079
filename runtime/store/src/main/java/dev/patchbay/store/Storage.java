package dev.patchbay.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that a journal lives in, as the few operations that it needs, so that a test can stand in for the disk and fail any
 * of them. Used by one thread at a time.
 */
public interface Storage extends AutoCloseable {
  /**
   * Opens a folder on the file system, made if it does not exist, and locks it: no other process gets it until this is closed or
   * the process ends.
   *
   * @param folder the folder; its parents are made too
   * @return the storage; the caller closes it
   * @throws StoreException with {@link StoreException.Kind#LOCKED} if another has it, or the kind of the failure
   */
  static Storage folder(Path folder) {
    return FolderStorage.open(folder);
  }

  /**
   * {@return the names of the files in it, in no order}
   * @throws IOException if it can't be read
   */
  List<String> list() throws IOException;

  /**
   * {@return a whole file}
   * @param name its name
   * @throws IOException if it can't be read
   */
  ByteBuffer read(String name) throws IOException;

  /**
   * Makes a new file.
   *
   * @param name its name
   * @return the file, to be written from its start; the caller closes it
   * @throws IOException if there is one of that name, or it can't be made
   */
  Output create(String name) throws IOException;

  /**
   * Opens a file to be written on from its end.
   *
   * @param name its name
   * @return the file; the caller closes it
   * @throws IOException if it can't be opened
   */
  Output append(String name) throws IOException;

  /**
   * Gives a file another name, at once and as a whole, in place of whichever file had that name.
   *
   * @param from its name
   * @param to its new name
   * @throws IOException if that fails; then nothing has changed
   */
  void rename(String from, String to) throws IOException;

  /**
   * Deletes a file; nothing if there is none.
   *
   * @param name its name
   * @throws IOException if it is still there
   */
  void delete(String name) throws IOException;

  /**
   * Makes durable which files there are (fsync(2) of a directory; without it a new file's name may be lost).
   *
   * @throws IOException if that fails
   */
  void sync() throws IOException;

  /**
   * {@return whether it is kept in memory (tmpfs), so that a write is a copy and making it durable costs nothing}
   *
   * @implSpec It is not.
   */
  default boolean isMemory() {
    return false;
  }

  /**
   * {@return what a failure of this storage means}
   * @param failure the failure
   */
  StoreException.Kind kindOf(IOException failure);

  /** Gives the lock back. */
  @Override
  void close();

  /** A file that is written. */
  interface Output extends AutoCloseable {
    /**
     * Writes all of some bytes at the end.
     *
     * @param bytes the bytes
     * @throws IOException if not all could be written; some may have been
     */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Makes durable what was written (fdatasync(2)).
     *
     * @throws IOException if that fails; then nobody knows what is on the disk, and trying again proves nothing, since the kernel
     *     reports a failed write once (fsync(2))
     */
    void force() throws IOException;

    /**
     * {@return the file's length in bytes}
     * @throws IOException if it can't be read
     */
    long length() throws IOException;

    /**
     * Cuts the file.
     *
     * @param length what remains, in bytes
     * @throws IOException if that fails
     */
    void truncate(long length) throws IOException;

    /**
     * Closes the file.
     *
     * @throws IOException if that fails
     */
    @Override
    void close() throws IOException;
  }
}
