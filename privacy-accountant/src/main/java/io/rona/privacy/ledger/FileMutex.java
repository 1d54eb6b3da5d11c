package io.rona.privacy.ledger;

import io.rona.privacy.internal.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion between threads and processes through a lock file.
 *
 * <p>The operating system keeps file locks per process, so the threads of one process, whichever
 * ledger object they use, first take a lock of the process. That lock is found by the path of the
 * file, which is why there is one table of them for all.
 */
final class FileMutex implements AutoCloseable {
  private static final Map<Path, Shared> TABLE = new HashMap<>();

  private final Path file;
  private final ReentrantLock ofProcess;
  private @Nullable FileChannel channel;

  private FileMutex(Path file, ReentrantLock ofProcess) {
    this.file = file;
    this.ofProcess = ofProcess;
  }

  /** The path must be the real one: two paths to one file would be two locks. */
  static FileMutex of(Path file) {
    synchronized (TABLE) {
      Shared shared = TABLE.computeIfAbsent(file, path -> new Shared());
      shared.users++;
      return new FileMutex(file, shared.lock);
    }
  }

  <T extends @Nullable Object> T locked(Supplier<T> work) {
    if (ofProcess.isHeldByCurrentThread()) {
      return work.get(); // The file is locked already, by a caller of this call.
    }
    ofProcess.lock();
    try (FileLock lock = channel().lock()) {
      if (!lock.isValid()) {
        throw new LedgerException("lock " + file + " was lost");
      }
      return work.get();
    } catch (IOException e) {
      throw new LedgerException("lock " + file + " cannot be taken", e);
    } finally {
      ofProcess.unlock();
    }
  }

  @Override
  public void close() {
    // Closing any channel on the file ends every lock of the process on it: not while one is held.
    ofProcess.lock();
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    } catch (IOException e) {
      throw new LedgerException("lock " + file + " cannot be closed", e);
    } finally {
      ofProcess.unlock();
      forget();
    }
  }

  private void forget() {
    synchronized (TABLE) {
      Shared shared = TABLE.get(file);
      if (shared != null && --shared.users == 0) {
        TABLE.remove(file);
      }
    }
  }

  /** A thread that is interrupted while it waits closes the channel; the next one opens another. */
  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      createIfMissing();
      open = FileChannel.open(file, StandardOpenOption.WRITE);
      channel = open;
    }
    return open;
  }

  private void createIfMissing() throws IOException {
    try {
      Files.createFile(file, DurableFiles.ownerOnly(DurableFiles.parent(file)));
    } catch (FileAlreadyExistsException e) {
      return; // Made by an earlier run; it is never deleted, or two locks could be held at once.
    }
  }

  private static final class Shared {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }
}
