package io.rona.privacy.release;

import io.rona.privacy.release.DiskCall.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * What is left on a disk when the power goes, as far as POSIX promises anything.
 *
 * <p>Data of a file are there for sure once the file was synced (or were written synchronously),
 * names once their directory was. Whatever else was written, made, renamed or deleted may be there
 * or not, each piece of at most {@value #SECTOR} bytes and each name for itself.
 */
final class DiskModel {
  private static final int SECTOR = 512;

  private final Map<String, Inode> names = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();

  /** Follows a call that returned. */
  void follow(DiskCall call) {
    switch (call.kind()) {
      case CREATE -> rename(Set.of(), call.path(), new Inode());
      case WRITE -> inode(call.path()).write(call);
      case TRUNCATE -> inode(call.path()).truncate(call.offset());
      case SYNC -> sync(call.path());
      case RENAME -> rename(Set.of(call.path()), call.to(), inode(call.path()));
      case LINK -> rename(Set.of(), call.to(), inode(call.path()));
      case UNLINK -> unlink(call.path());
      case PRINT -> {}
    }
  }

  /** Writes what a disk may hold now into an empty directory. */
  void leave(Path directory, BooleanSupplier survives) throws IOException {
    Map<String, Inode> left = new TreeMap<>();
    for (NameChange change : nameChanges) {
      if (change.durable || survives.getAsBoolean()) {
        left.keySet().removeAll(change.removed);
        left.putAll(change.added);
      }
    }
    for (Map.Entry<String, Inode> file : left.entrySet()) {
      file.getValue().leave(directory.resolve(file.getKey()), survives);
    }
  }

  private Inode inode(String path) {
    Inode inode = names.get(path);
    if (inode == null) {
      throw new AssertionError("the record makes no file " + path);
    }
    return inode;
  }

  private void sync(String path) {
    Inode inode = names.get(path);
    if (inode != null) {
      inode.changes.replaceAll(Change::made);
      return;
    }
    nameChanges.replaceAll(change -> change.directory.equals(path) ? change.made() : change);
  }

  private void rename(Set<String> from, String to, Inode inode) {
    names.keySet().removeAll(from);
    names.put(to, inode);
    nameChanges.add(new NameChange(directory(to), from, Map.of(to, inode), false));
  }

  private void unlink(String path) {
    names.remove(path);
    nameChanges.add(new NameChange(directory(path), Set.of(path), Map.of(), false));
  }

  private static String directory(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Names that come and go together. */
  private record NameChange(
      String directory, Set<String> removed, Map<String, Inode> added, boolean durable) {
    NameChange made() {
      return new NameChange(directory, removed, added, true);
    }
  }

  /** Data that were written in one piece, or a new length. */
  private record Change(long offset, ByteBuffer data, boolean durable, Kind kind) {
    Change made() {
      return new Change(offset, data, true, kind);
    }

    void apply(RandomAccessFile file) throws IOException {
      if (kind == Kind.TRUNCATE) {
        file.setLength(offset);
      } else {
        file.getChannel().write(data.duplicate(), offset);
      }
    }
  }

  private static final class Inode {
    private final List<Change> changes = new ArrayList<>();

    void write(DiskCall call) {
      ByteBuffer data = call.data();
      for (int done = 0; done < data.limit(); ) {
        long at = call.offset() + done;
        int length = Math.min(data.limit() - done, (int) (SECTOR - at % SECTOR));
        changes.add(new Change(at, data.slice(done, length), call.durable(), Kind.WRITE));
        done += length;
      }
    }

    void truncate(long length) {
      changes.add(new Change(length, ByteBuffer.allocate(0), false, Kind.TRUNCATE));
    }

    void leave(Path path, BooleanSupplier survives) throws IOException {
      Files.createFile(path);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        for (Change change : changes) {
          if (change.durable || survives.getAsBoolean()) {
            change.apply(file);
          }
        }
      }
    }
  }
}
